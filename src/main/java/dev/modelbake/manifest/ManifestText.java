package dev.modelbake.manifest;

import dev.modelbake.model.Digest;
import dev.modelbake.model.Location;
import dev.modelbake.model.Problem;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * The bytes of a manifest, not yet understood.
 *
 * @param source the file as the user named it
 * @param directory where the file lies, absolute; absent for standard input
 * @param bytes at most {@link ManifestFiles#MOST_BYTES} and one more
 */
@SuppressWarnings("ArrayRecordComponent") // read in this package, never compared or changed
record ManifestText(String source, Optional<Path> directory, byte[] bytes) {

  /** The SHA-256 of the bytes. */
  Digest digest() {
    return Digest.ofBytes(bytes);
  }

  /**
   * The text, without a byte order mark.
   *
   * @throws Unreadable if it is not UTF-8 text, or too long
   */
  String decode() throws Unreadable {
    if (bytes.length > ManifestFiles.MOST_BYTES) {
      throw tooLong(source);
    }
    if (startsWith(0xFE, 0xFF) || startsWith(0xFF, 0xFE)) {
      throw new Unreadable(
          Problem.error(
              Location.of(source), "not-utf8", "the manifest is UTF-16", "save it as UTF-8"));
    }
    String text = decodeUtf8();
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    for (int i = 0; i < plain.length(); ) {
      int c = plain.codePointAt(i);
      if (!StreamReader.isPrintable(c)) {
        throw new Unreadable(
            Problem.error(
                end(plain.substring(0, i)),
                "not-text",
                "the manifest holds the character U+%04X, which no text has".formatted(c),
                "give the path of a YAML or JSON file"));
      }
      i += Character.charCount(c);
    }
    return plain;
  }

  /** What is wrong with a manifest beyond the bound. */
  static Unreadable tooLong(String source) {
    return new Unreadable(
        Problem.error(
            Location.of(source),
            "too-long",
            "the manifest is longer than 16 MiB",
            "give the path of a manifest, not of a model; divide a real one into several"));
  }

  private String decodeUtf8() throws Unreadable {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    // UTF-8 never decodes to more chars than it has bytes.
    CharBuffer chars = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
    String text = chars.flip().toString();
    if (result.isError()) {
      throw new Unreadable(
          Problem.error(
              end(text),
              "not-utf8",
              "the manifest is not UTF-8 text",
              "save it as UTF-8, or give the path of a YAML or JSON file"));
    }
    return text;
  }

  private boolean startsWith(int first, int second) {
    return bytes.length > 1 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
  }

  /** The place right after this text; line ends are LF, CR LF and CR as in YAML. */
  private Location end(String before) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < before.length(); i++) {
      char c = before.charAt(i);
      boolean crLf = c == '\r' && i + 1 < before.length() && before.charAt(i + 1) == '\n';
      if (c == '\n' || (c == '\r' && !crLf)) {
        line++;
        start = i + 1;
      }
    }
    return new Location(source, line, before.codePointCount(start, before.length()) + 1);
  }
}
