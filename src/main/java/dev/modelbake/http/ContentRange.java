package dev.modelbake.http;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a body that an answer holds (RFC 9110, section 14.4).
 *
 * @param first counted from 0
 * @param last inclusive, not less than first
 * @param total of the whole; absent when the server does not say
 */
public record ContentRange(long first, long last, OptionalLong total) {
  private static final Pattern FORM =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  /** Reads a header; empty for any other form. */
  static Optional<ContentRange> parse(String value) {
    Matcher matcher = FORM.matcher(value.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long first = Long.parseLong(matcher.group(1));
    long last = Long.parseLong(matcher.group(2));
    String all = matcher.group(3);
    OptionalLong total =
        all.equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(all));
    boolean sound = first <= last && (total.isEmpty() || last < total.getAsLong());
    return sound ? Optional.of(new ContentRange(first, last, total)) : Optional.empty();
  }

  /** Whether this is exactly what was asked for, and the server says how much there is in all. */
  public boolean isExactly(Get.Part part) {
    return first == part.from()
        && total.isPresent()
        && last == part.to().orElse(total.getAsLong()) - 1;
  }

  /** The number of bytes. */
  public long length() {
    return last - first + 1;
  }
}
