package dev.modelbake.report;

import dev.modelbake.model.Problem;
import dev.modelbake.model.Problem.Severity;
import java.util.ArrayList;
import java.util.List;

/** Problems of manifests, one line each for what is wrong and one for the remedy. */
public final class ProblemsText {
  private ProblemsText() {}

  /** The text with a count at its end, ended by a line feed; empty for no problems. */
  public static String of(List<Problem> problems) {
    if (problems.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    for (Problem problem : problems) {
      lines(problem).forEach(line -> out.append(line).append('\n'));
    }
    return out.append(count(problems)).append('\n').toString();
  }

  /** Place, severity and fault, then the remedy. */
  static List<String> lines(Problem problem) {
    return List.of(
        "%s: %s: %s [%s]"
            .formatted(
                Labels.text(problem.at().toString()),
                Labels.of(problem.severity()),
                Labels.line(problem.what()),
                Labels.line(problem.rule())),
        "    " + Labels.line(problem.remedy()));
  }

  /** All of it on one line. */
  static String line(Problem problem) {
    return "%s: %s: %s; %s"
        .formatted(
            Labels.text(problem.at().toString()),
            Labels.of(problem.severity()),
            Labels.line(problem.what()),
            Labels.line(problem.remedy()));
  }

  /** Such as {@code 2 errors, 1 warning}. */
  static String count(List<Problem> problems) {
    List<String> counts = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      long count = problems.stream().filter(one -> one.severity() == severity).count();
      if (count > 0) {
        counts.add(Amounts.count(count, Labels.of(severity)));
      }
    }
    return String.join(", ", counts);
  }
}
