package dev.modelbake.report;

import dev.modelbake.model.Receipt;
import java.util.Comparator;

/** A receipt in the form that GNU {@code sha256sum -c} reads. */
public final class Sums {
  private Sums() {}

  /**
   * A line for each file, sorted by path.
   *
   * <p>A name with a backslash or a line end is escaped as coreutils does: the line begins with a
   * backslash.
   */
  public static String of(Receipt receipt) {
    StringBuilder out = new StringBuilder();
    receipt.entries().stream()
        .sorted(Comparator.comparing(Receipt.Entry::path))
        .forEach(entry -> line(entry, out));
    return out.toString();
  }

  private static void line(Receipt.Entry entry, StringBuilder out) {
    String name = entry.path().replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    out.append(name.equals(entry.path()) ? "" : "\\");
    out.append(entry.digest().hex()).append("  ").append(name).append('\n');
  }
}
