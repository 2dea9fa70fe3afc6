package dev.modelbake.http;

import dev.modelbake.http.Answer.Secrecy;
import dev.modelbake.model.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognises what came in place of what was asked for. Quotes at most 64 characters, and no secret.
 */
public final class Content {
  /** As much of a body as is looked at, in bytes. */
  public static final int HEAD = 4096;

  private static final int QUOTE = 64;
  private static final Pattern TITLE = Pattern.compile("(?is)<title[^>]*>([^<]*)");
  private static final Pattern CODE = Pattern.compile("(?s)<Code>([^<]*)</Code>");

  private Content() {}

  /** What the first bytes of a body are, such as {@code an HTML page titled "Log in"}. */
  public static Optional<String> recognise(byte[] head, Secrecy secrecy) {
    if (head.length == 0) {
      return Optional.of("nothing at all");
    }
    if (head.length > 1 && head[0] == 0x1f && head[1] == (byte) 0x8b) {
      return Optional.of("gzip data");
    }
    String text = new String(head, StandardCharsets.UTF_8).replaceFirst("^\ufeff", "").strip();
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return Optional.of("an HTML page" + quote(" titled", TITLE.matcher(text), secrecy));
    }
    if (lower.startsWith("version https://git-lfs.github.com/spec/")) {
      return Optional.of("a git-lfs pointer (the repository's text, not the file it stands for)");
    }
    if (lower.startsWith("<?xml") || lower.startsWith("<error>")) {
      boolean page = lower.contains("<html");
      return Optional.of(
          page
              ? "an HTML page" + quote(" titled", TITLE.matcher(text), secrecy)
              : "an XML document" + quote(" with the code", CODE.matcher(text), secrecy));
    }
    return Optional.empty();
  }

  private static String quote(String before, Matcher matcher, Secrecy secrecy) {
    if (secrecy == Secrecy.SECRET || !matcher.find() || matcher.group(1).isBlank()) {
      return "";
    }
    String quoted = Printable.of(matcher.group(1).strip().replaceAll("\\s+", " "), QUOTE);
    return before + " \"" + quoted + "\"";
  }
}
