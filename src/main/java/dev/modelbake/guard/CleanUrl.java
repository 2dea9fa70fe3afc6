package dev.modelbake.guard;

import dev.modelbake.model.SourceUrl;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes out of a URL what may be a secret: user, password, and every parameter that is not known to
 * choose what comes.
 */
final class CleanUrl {
  /** Parameters that choose what comes; any other may be a secret, whatever its name. */
  private static final Set<String> HARMLESS =
      Set.of(
          "confirm",
          "dl",
          "download",
          "export",
          "file",
          "filename",
          "format",
          "id",
          "inline",
          "path",
          "raw",
          "ref",
          "rev",
          "revision",
          "v",
          "version");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./%-]{0,64}");

  /** What tokens of well-known services look like. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?:hf_|gh[opsur]_|github_pat_|glpat-|sk-|xox[abp]-|AKIA|ASIA)[A-Za-z0-9_-]{8,}"
              + "|eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+.*");

  private CleanUrl() {}

  /** The URL as it may be written into a manifest; nothing when it is none. */
  static Optional<SourceUrl> of(String text) {
    int scheme = text.indexOf("://");
    if (scheme < 0) {
      return Optional.empty();
    }
    String plain = text.replaceFirst("#.*", "");
    int slash = plain.indexOf('/', scheme + 3);
    int at = plain.substring(0, slash < 0 ? plain.length() : slash).lastIndexOf('@');
    if (at > 0) {
      plain = plain.substring(0, scheme + 3) + plain.substring(at + 1);
    }
    int mark = plain.indexOf('?');
    if (mark >= 0) {
      String query =
          Arrays.stream(plain.substring(mark + 1).split("&", -1))
              .filter(CleanUrl::isHarmless)
              .collect(Collectors.joining("&"));
      plain = plain.substring(0, mark) + (query.isEmpty() ? "" : "?" + query);
    }
    if (holdsToken(plain.replaceFirst("\\?.*", ""))) {
      return Optional.empty();
    }
    try {
      SourceUrl url = SourceUrl.parse(plain.replace(" ", "%20"));
      boolean web = url.scheme().equals("https") || url.scheme().equals("http");
      return web ? Optional.of(url) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isHarmless(String part) {
    String[] pair = part.split("=", 2);
    String value = pair.length > 1 ? pair[1] : "";
    return HARMLESS.contains(pair[0].toLowerCase(Locale.ROOT))
        && PLAIN.matcher(value).matches()
        && !TOKEN.matcher(value).matches();
  }

  private static boolean holdsToken(String path) {
    return Arrays.stream(path.split("/", -1)).anyMatch(part -> TOKEN.matcher(part).matches());
  }
}
