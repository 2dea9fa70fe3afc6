package dev.modelbake.report;

import java.time.Duration;
import java.util.Locale;

/** Sizes, rates and durations for people; decimal units, as disks and networks are sold. */
public final class Amounts {
  private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

  private Amounts() {}

  /** Three digits and a unit, such as {@code 64.0 MB}; whole bytes below a thousand. */
  public static String size(long bytes) {
    if (bytes < 1000) {
      return bytes == 1 ? "1 byte" : bytes + " bytes";
    }
    double value = bytes / 1000.0;
    int unit = 0;
    // 999.5 would be shown as 1000.
    while (value >= 999.5) {
      value /= 1000;
      unit++;
    }
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f %s", value, UNITS[unit]);
  }

  /** All digits, such as {@code 64,040,097 bytes}. */
  public static String exactSize(long bytes) {
    return String.format(Locale.ROOT, "%,d %s", bytes, bytes == 1 ? "byte" : "bytes");
  }

  /** A size a second. */
  public static String rate(double bytesPerSecond) {
    long bytes = Math.max(0, Math.round(bytesPerSecond));
    return bytes < 1000 ? bytes + " B/s" : size(bytes) + "/s";
  }

  /** The two largest units, such as {@code 1 min 05 s}. */
  public static String time(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 1) {
      return Math.max(0, duration.toMillis()) + " ms";
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
  }

  /** A count with its noun, such as {@code 1 file} or {@code 2 files}. */
  public static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
