package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Kind;
import dev.modelbake.manifest.Yaml.Scalar;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes and counts. */
final class Numbers {
  private static final Pattern DECIMAL = Pattern.compile("[-+]?(?:0|[1-9][0-9]*)");
  private static final Pattern WITH_UNIT =
      Pattern.compile("(0|[1-9][0-9]{0,18}) ?(B|[KMGT]iB|[kKMGT]B)");

  /** Text beyond this is no number that anybody meant, and slow to convert. */
  private static final int MOST_DIGITS = 100;

  private Numbers() {}

  /** A number of bytes, 0 or more. */
  static OptionalLong size(Fields fields, String key) {
    return number(fields, key, Long.MAX_VALUE, "64040097");
  }

  /** A count, 0 to {@code most}. */
  static OptionalInt count(Fields fields, String key, int most, String example) {
    OptionalLong value = number(fields, key, most, example);
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  /** A bound in bytes, 1 or more, plain or with a unit such as {@code 512MiB}. */
  static OptionalLong bound(Fields fields, String key) {
    Optional<Scalar> text = fields.scalar(key, "512MiB").filter(s -> s.kind() == Kind.STRING);
    if (text.isEmpty()) {
      OptionalLong bytes = number(fields, key, Long.MAX_VALUE, "512MiB");
      return notZero(fields, key, bytes);
    }
    Matcher matcher = WITH_UNIT.matcher(text.get().text());
    if (!matcher.matches()) {
      fields
          .problems()
          .error(
              text.get().at(),
              "size-syntax",
              "%s is no size".formatted(Problems.quoted(text.get().text())),
              "write bytes, or a number with B, KiB, MiB, GiB, TiB, kB, MB, GB or TB, such as %s: 512MiB"
                  .formatted(key));
      return OptionalLong.empty();
    }
    BigInteger bytes = new BigInteger(matcher.group(1)).multiply(unit(matcher.group(2)));
    return notZero(fields, key, within(fields, key, bytes, Long.MAX_VALUE));
  }

  /** The bytes of a unit: powers of 1024 with an i in the name, else of 1000. */
  private static BigInteger unit(String name) {
    int power = "BKMGT".indexOf(Character.toUpperCase(name.charAt(0)));
    return BigInteger.valueOf(name.indexOf('i') > 0 ? 1024 : 1000).pow(power);
  }

  private static OptionalLong notZero(Fields fields, String key, OptionalLong value) {
    if (value.isPresent() && value.getAsLong() == 0) {
      fields
          .problems()
          .error(
              fields.at(key),
              "out-of-range",
              "%s is 0, so nothing could come out".formatted(key),
              "write a bound above 0, or leave it out");
      return OptionalLong.empty();
    }
    return value;
  }

  private static OptionalLong number(Fields fields, String key, long most, String example) {
    Optional<Scalar> found = fields.scalar(key, example);
    if (found.isEmpty()) {
      return OptionalLong.empty();
    }
    Scalar scalar = found.get();
    String text = scalar.text();
    boolean decimal = text.length() <= MOST_DIGITS && DECIMAL.matcher(text).matches();
    if (scalar.kind() != Kind.INTEGER) {
      String remedy =
          decimal
              ? "write it without quotes: %s: %s".formatted(key, text)
              : "write a whole number without unit or quotes, such as %s: %s"
                  .formatted(key, example);
      fields.wrongType(scalar, key, remedy);
      return OptionalLong.empty();
    }
    if (!decimal && text.length() <= MOST_DIGITS) {
      fields
          .problems()
          .error(
              scalar.at(),
              "wrong-type",
              "%s is not a plain decimal number here".formatted(key),
              "write digits without leading zero, 0x or 0o, such as %s: %s"
                  .formatted(key, example));
      return OptionalLong.empty();
    }
    BigInteger value =
        text.length() <= MOST_DIGITS
            ? new BigInteger(text)
            : BigInteger.TEN.pow(MOST_DIGITS).multiply(BigInteger.valueOf(sign(text)));
    return within(fields, key, value, most);
  }

  private static int sign(String number) {
    return number.startsWith("-") ? -1 : 1;
  }

  private static OptionalLong within(Fields fields, String key, BigInteger value, long most) {
    if (value.signum() < 0) {
      fields
          .problems()
          .error(
              fields.at(key),
              "negative",
              "%s is negative".formatted(key),
              "write 0 or more, or leave it out");
      return OptionalLong.empty();
    }
    if (value.compareTo(BigInteger.valueOf(most)) > 0) {
      fields
          .problems()
          .error(
              fields.at(key),
              "out-of-range",
              "%s is more than %d".formatted(key, most),
              "write the right number, or leave it out");
      return OptionalLong.empty();
    }
    return OptionalLong.of(value.longValueExact());
  }
}
