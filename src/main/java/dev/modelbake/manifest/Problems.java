package dev.modelbake.manifest;

import dev.modelbake.model.Location;
import dev.modelbake.model.Printable;
import dev.modelbake.model.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects what is wrong with one manifest. A problem behind an alias is met more than once and
 * kept once.
 */
final class Problems {
  /** More than anybody reads; it bounds the memory that a hostile text can ask for. */
  static final int MOST = 1000;

  private static final int LONGEST_QUOTE = 64;

  private final String source;
  private final Set<Problem> found = new LinkedHashSet<>();
  private boolean errors;
  private boolean full;

  Problems(String source) {
    this.source = source;
  }

  /** The manifest as the user named it. */
  String source() {
    return source;
  }

  /** Whether something stands in a manifest that comes with the tool. */
  boolean isShipped(Location at) {
    return at.source().startsWith(CatalogSection.SCHEME);
  }

  /** The remedy for what {@code pin} can fill in. */
  String pinCommand(Location at) {
    return isShipped(at)
        ? "run `modelbake pin %s -o models.yaml`".formatted(at.source())
        : "run `modelbake pin %s`".formatted(source);
  }

  void error(Location at, String rule, String what, String remedy) {
    errors = true;
    add(Problem.error(at, rule, what, remedy));
  }

  void warning(Location at, String rule, String what, String remedy) {
    add(Problem.warning(at, rule, what, remedy));
  }

  void note(Location at, String rule, String what, String remedy) {
    add(Problem.note(at, rule, what, remedy));
  }

  void add(Problem problem) {
    errors |= problem.severity() == Problem.Severity.ERROR;
    if (found.size() < MOST) {
      found.add(problem);
    } else {
      full |= !found.contains(problem);
    }
  }

  boolean hasErrors() {
    return errors;
  }

  /** Everything found, in the order of the text. */
  List<Problem> inOrder() {
    List<Problem> all = new ArrayList<>(found);
    all.sort(
        Comparator.comparingInt((Problem problem) -> problem.at().line())
            .thenComparingInt(problem -> problem.at().column()));
    if (full) {
      Location end = all.get(all.size() - 1).at();
      String what = "there are more problems than the %d listed".formatted(MOST);
      String remedy = "mend these and read the manifest again";
      all.add(
          errors
              ? Problem.error(end, "too-many-problems", what, remedy)
              : Problem.warning(end, "too-many-problems", what, remedy));
    }
    return all;
  }

  /** Foreign text in quotes, printable and short. */
  static String quoted(String text) {
    return "'" + Printable.of(text, LONGEST_QUOTE) + "'";
  }
}
