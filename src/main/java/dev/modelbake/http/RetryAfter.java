package dev.modelbake.http;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Reads {@code Retry-After} (RFC 9110, section 10.2.3) in both its forms. */
final class RetryAfter {
  /** More than any ceiling; what a number too long to read stands for. */
  static final Duration FOREVER = Duration.ofDays(36_500);

  private static final int DIGITS = 9;

  private RetryAfter() {}

  /** The pause asked for, never negative; empty when the value is neither a number nor a date. */
  static Optional<Duration> parse(String value, Instant now) {
    String text = value.strip();
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      String digits = text.replaceFirst("^0+(?=.)", "");
      return Optional.of(
          digits.length() > DIGITS ? FOREVER : Duration.ofSeconds(Long.parseLong(digits)));
    }
    try {
      Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
      Duration pause = Duration.between(now, date);
      return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
