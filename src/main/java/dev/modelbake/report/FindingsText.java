package dev.modelbake.report;

import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Finding;
import java.util.ArrayList;
import java.util.List;

/** What {@code verify} found, for people: one line each, then how much is proven. */
public final class FindingsText {
  private FindingsText() {}

  /**
   * The text, ended by a line feed.
   *
   * @param proven the number of files that are right
   */
  public static String of(List<Finding> findings, int proven) {
    StringBuilder out = new StringBuilder();
    for (Finding finding : findings) {
      String file = finding.file().isEmpty() ? "" : " (" + Labels.text(finding.file()) + ")";
      out.append(
          "%-10s  %s%s: %s%n"
              .formatted(
                  word(finding), Labels.text(finding.path()), file, Labels.line(finding.what()))
              .replace(System.lineSeparator(), "\n"));
    }
    return out.append(summary(findings, proven)).append('\n').toString();
  }

  static String word(Finding finding) {
    if (finding.file().isEmpty()) {
      return "unexpected";
    }
    return switch (finding.kind()) {
      case MISSING -> "missing";
      case CONFIGURATION -> "unproven";
      case INTEGRITY -> "wrong";
      default -> Labels.of(finding.kind()).replace('-', ' ');
    };
  }

  private static String summary(List<Finding> findings, int proven) {
    if (findings.isEmpty()) {
      return proven == 1 ? "the file is proven" : "all " + proven + " files are proven";
    }
    List<String> parts = new ArrayList<>();
    for (String word : List.of("wrong", "missing", "unproven", "unexpected")) {
      long count = findings.stream().filter(one -> word(one).equals(word)).count();
      if (count > 0) {
        parts.add(count + " " + word);
      }
    }
    long others = findings.stream().filter(one -> !isCommon(one)).count();
    if (others > 0) {
      parts.add(others + " other");
    }
    return Amounts.count(proven, "file") + " proven; " + String.join(", ", parts);
  }

  private static boolean isCommon(Finding finding) {
    return finding.file().isEmpty()
        || finding.kind() == FailureKind.MISSING
        || finding.kind() == FailureKind.CONFIGURATION
        || finding.kind() == FailureKind.INTEGRITY;
  }
}
