package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.model.UsageException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How bytes are moved. */
final class TransferOptions {
  private static final Pattern AMOUNT =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([KMGT]?)(i?)B?", Pattern.CASE_INSENSITIVE);
  private static final Pattern TIME = Pattern.compile("([0-9]+)(s|m|h)?");

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Files fetched at once (default: ${DEFAULT-VALUE}).")
  private int jobs = 4;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description =
          "Connections to one host at most; a large file uses them all at once (default: 4, and"
              + " more than one for a file only when it is slow).")
  private @Nullable Integer connections;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      description = "Give up what is not fetched after this time, such as 90s, 20m or 2h.")
  private @Nullable String deadline;

  @Option(
      names = "--min-speed",
      paramLabel = "RATE",
      description =
          "Leave a source that is slower than this many bytes a second, such as 64KiB; 0 never"
              + " does (default: 1KiB).")
  private @Nullable String minSpeed;

  @Option(
      names = "--max-download",
      paramLabel = "SIZE",
      description = "Bound for a file whose size the manifest does not give (default: 64GiB).")
  private @Nullable String maxDownload;

  ModelBake apply(ModelBake plain) {
    ModelBake bake = plain.jobs(positive("--jobs", jobs));
    if (connections != null) {
      bake = bake.connections(positive("--connections", connections));
    }
    if (deadline != null) {
      bake = bake.deadline(time(deadline));
    }
    if (minSpeed != null) {
      bake = bake.minSpeed(amount("--min-speed", minSpeed));
    }
    if (maxDownload != null) {
      bake = bake.maxDownload(amount("--max-download", maxDownload));
    }
    return bake;
  }

  private static int positive(String option, int value) {
    if (value < 1 || value > 64) {
      throw new UsageException("reading " + option, value + " is out of range", "give 1 to 64");
    }
    return value;
  }

  private static Duration time(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches() || time.group(1).length() > 9) {
      throw new UsageException(
          "reading --deadline", "no time of more than nothing", "write 90s, 20m or 2h");
    }
    long amount = Long.parseLong(time.group(1));
    String unit = time.group(2) == null ? "s" : time.group(2);
    return switch (unit) {
      case "h" -> Duration.ofHours(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofSeconds(amount);
    };
  }

  private static long amount(String option, String text) {
    Matcher amount = AMOUNT.matcher(text.trim());
    if (amount.matches()) {
      int power = "KMGT".indexOf(amount.group(2).toUpperCase(Locale.ROOT));
      int exponent = amount.group(2).isEmpty() ? 0 : power + 1;
      long unit = amount.group(3).isEmpty() ? 1000 : 1024;
      BigDecimal bytes =
          new BigDecimal(amount.group(1)).multiply(BigDecimal.valueOf(unit).pow(exponent));
      if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0) {
        return bytes.longValue();
      }
    }
    throw new UsageException(
        "reading " + option, "this is not a number of bytes", "write 65536, 64KiB or 1.5GB");
  }
}
