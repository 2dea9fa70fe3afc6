package dev.modelbake.guard;

import dev.modelbake.model.SourceUrl;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Takes out of a URL what may be a secret: user, password, signatures and tokens. */
final class CleanUrl {
  /** Parameters that sign, authorize or end: of S3, Google, Azure, CloudFront and others. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?:x-amz-|x-goog-|x-ms-).*|.*(?:token|signature|secret|password|passwd|credential|apikey"
              + "|api[-_]key|access[-_]?key|policy|session|jwt|auth).*|sig|sign|key|expires|key-pair-id"
              + "|awsaccesskeyid|googleaccessid|s[tepvr]|spr|srt|skoid|sktid|skt|ske|sks|skv|rsc.");

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
              .filter(part -> !part.isEmpty() && !isSecret(part.split("=", 2)[0]))
              .collect(Collectors.joining("&"));
      plain = plain.substring(0, mark) + (query.isEmpty() ? "" : "?" + query);
    }
    try {
      SourceUrl url = SourceUrl.parse(plain.replace(" ", "%20"));
      boolean web = url.scheme().equals("https") || url.scheme().equals("http");
      return web ? Optional.of(url) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isSecret(String name) {
    return SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }
}
