package dev.modelbake.json;

import java.math.BigDecimal;
import java.util.OptionalLong;

/** A number, exact. */
public record JsonNumber(BigDecimal value) implements Json {
  private static final int PLAIN_DIGITS = 40;

  /** A whole number. */
  public static JsonNumber of(long value) {
    return new JsonNumber(BigDecimal.valueOf(value));
  }

  /**
   * The shortest decimal that names this double.
   *
   * @throws NumberFormatException for what JSON cannot write: infinite, or not a number
   */
  public static JsonNumber of(double value) {
    return new JsonNumber(BigDecimal.valueOf(value));
  }

  /** The value, when it is whole and fits. */
  public OptionalLong whole() {
    try {
      return OptionalLong.of(value.longValueExact());
    } catch (ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  /** Plain digits, but for huge exponents, which would make endless zeros of a few characters. */
  String text() {
    long digits =
        (long) value.precision() - Math.min(0, value.scale()) + Math.max(0, value.scale());
    return digits <= PLAIN_DIGITS ? value.toPlainString() : value.toString();
  }

  @Override
  public String kind() {
    return "a number";
  }
}
