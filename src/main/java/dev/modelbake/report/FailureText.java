package dev.modelbake.report;

import static java.util.stream.Collectors.joining;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.CandidateFailure;
import dev.modelbake.model.Explanation;
import dev.modelbake.model.FetchException;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.PolicyException;
import dev.modelbake.model.Problem;
import dev.modelbake.model.UnpinnedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A failure for people: every detail first, and the cause in the last ten lines, since an image
 * builder repeats about that many of a step's log.
 */
public final class FailureText {
  private static final int SUMMARY_CANDIDATES = 5;
  private static final int SUMMARY_PROBLEMS = 4;
  private static final int SUMMARY_PAIRS = 3;
  private static final int SUMMARY_TRIPLES = 2;
  private static final int SUMMARY_FAILURES = 6;
  private static final int MOST_BYTES = 96 << 10;
  private static final int MOST_FRAMES = 60;

  private final Detail detail;
  private final List<String> details = new ArrayList<>();
  private final List<String> summary = new ArrayList<>();
  private int bytes;
  private int leftOut;

  private FailureText(Detail detail) {
    this.detail = detail;
  }

  /** The lines; at most ten of them, the last, begin with the one that starts {@code error:}. */
  public static List<String> of(BakeException failure, Detail detail) {
    FailureText text = new FailureText(detail);
    if (failure.members().size() > 1) {
      text.several(failure);
    } else if (failure.members().size() == 1) {
      text.one(failure.members().get(0));
    } else {
      text.one(failure);
    }
    return text.lines();
  }

  /** A failure that nobody foresaw: the stack first, then what to do. */
  public static List<String> ofBug(Throwable bug, String version) {
    FailureText text = new FailureText(Detail.FULL);
    text.stack(bug);
    text.summary.add("error: a bug in modelbake " + Labels.line(version));
    text.summary.add("  happened: " + Labels.line(bug.toString()));
    text.summary.add("  to do: report it with all of these lines");
    return text.lines();
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>(details);
    if (leftOut > 0) {
      lines.add("… " + leftOut + " more lines; --report FILE keeps every failure");
    }
    lines.addAll(summary);
    return lines;
  }

  private void one(BakeException failure) {
    if (failure instanceof ManifestException manifest) {
      problems(manifest);
      return;
    }
    if (failure instanceof PolicyException policy) {
      violations(policy);
      return;
    }
    summary.add("error: " + title(failure));
    if (failure instanceof FetchException fetch) {
      if (fetch.failures().size() > SUMMARY_CANDIDATES) {
        detail(title(failure));
        candidates(fetch.failures()).forEach(this::detail);
      }
      List<CandidateFailure> gravest = gravest(fetch, SUMMARY_CANDIDATES);
      summary.addAll(candidates(gravest));
      if (gravest.size() < fetch.failures().size()) {
        summary.set(0, summary.get(0) + ": the gravest of " + fetch.failures().size() + " sources");
      }
    }
    if (failure instanceof UnpinnedException unpinned
        && unpinned.files().size() > SUMMARY_CANDIDATES) {
      unpinned.files().forEach(file -> detail("unpinned: " + Labels.text(file)));
    }
    causes(failure);
    happened(failure).ifPresent(what -> summary.add("  happened: " + what));
    summary.add("  to do: " + Labels.line(failure.explanation().remedy()));
  }

  /**
   * What happened, printable, without the candidates' failures, which are listed one by one; empty
   * when it says nothing else.
   */
  public static Optional<String> happened(BakeException failure) {
    String happened = failure.explanation().happened();
    if (failure instanceof FetchException fetch && !fetch.failures().isEmpty()) {
      String listed =
          fetch.failures().stream().map(CandidateFailure::toString).collect(joining("; "));
      happened = happened.replace(listed, "").stripTrailing();
      happened = happened.endsWith(":") ? happened.substring(0, happened.length() - 1) : happened;
    }
    return Optional.of(Labels.line(happened)).filter(text -> !text.isEmpty());
  }

  private void problems(ManifestException failure) {
    List<Problem> problems = failure.problems();
    if (problems.size() > SUMMARY_PROBLEMS) {
      problems.forEach(problem -> ProblemsText.lines(problem).forEach(this::detail));
    }
    boolean all = problems.size() <= SUMMARY_PROBLEMS;
    List<Problem> first =
        all
            ? problems
            : problems.stream()
                .sorted(Comparator.comparing(Problem::severity))
                .limit(SUMMARY_PROBLEMS - 1)
                .toList();
    summary.add(
        "error: %s in %s%s"
            .formatted(
                ProblemsText.count(problems),
                Labels.text(problems.get(0).at().source()),
                all ? "" : ", listed above; first of all:"));
    first.forEach(problem -> ProblemsText.lines(problem).forEach(line -> summary.add("  " + line)));
    summary.add("  to do: " + Labels.line(failure.explanation().remedy()));
  }

  private void violations(PolicyException failure) {
    List<String> lines =
        failure.violations().stream()
            .map(one -> "  " + Labels.line(one.at() + ": " + one.what()))
            .toList();
    boolean all = lines.size() <= SUMMARY_FAILURES;
    if (!all) {
      lines.forEach(this::detail);
    }
    summary.add("error: " + title(failure));
    summary.addAll(lines.subList(0, Math.min(SUMMARY_FAILURES, lines.size())));
    if (!all) {
      summary.add("  and " + (lines.size() - SUMMARY_FAILURES) + " more, listed above");
    }
    summary.add("  to do: " + Labels.line(failure.explanation().remedy()));
  }

  private void several(BakeException all) {
    all.members().forEach(this::block);
    List<BakeException> gravest =
        all.members().stream().sorted(Comparator.comparing(BakeException::kind)).toList();
    Explanation whole = all.explanation();
    summary.add("error: " + Labels.line(whole.doing() + ": " + whole.happened()));
    int shown = Math.min(SUMMARY_FAILURES, gravest.size());
    for (BakeException failure : gravest.subList(0, shown)) {
      String cause = cause(failure);
      if (gravest.size() <= SUMMARY_PAIRS) {
        summary.add("  " + title(failure));
        summary.add("    " + cause);
        if (gravest.size() <= SUMMARY_TRIPLES) {
          happened(failure)
              .filter(what -> !what.equals(cause))
              .ifPresent(what -> summary.add("    " + what));
        }
      } else {
        summary.add("  " + title(failure) + ": " + cause);
      }
    }
    if (shown < gravest.size()) {
      summary.add("  and " + (gravest.size() - shown) + " more, listed above");
    }
    summary.add("  to do: " + Labels.line(gravest.get(0).explanation().remedy()));
  }

  /** One of several failures, whole. */
  private void block(BakeException failure) {
    detail(title(failure));
    if (failure instanceof FetchException fetch) {
      candidates(fetch.failures()).forEach(this::detail);
    }
    causes(failure);
    happened(failure).ifPresent(what -> detail("  happened: " + what));
    detail("  to do: " + Labels.line(failure.explanation().remedy()));
  }

  /** What makes the failure what it is: of many candidates, the one that decided its kind. */
  private static String cause(BakeException failure) {
    if (failure instanceof FetchException fetch && !fetch.failures().isEmpty()) {
      return line(gravest(fetch, 1).get(0));
    }
    return Labels.line(failure.explanation().happened());
  }

  /** Those of the failure's own kind first, otherwise in the order they happened. */
  private static List<CandidateFailure> gravest(FetchException fetch, int most) {
    Comparator<CandidateFailure> ownKindFirst =
        Comparator.comparing(one -> one.kind() == fetch.kind() ? 0 : 1);
    return fetch.failures().size() <= most
        ? fetch.failures()
        : fetch.failures().stream().sorted(ownKindFirst).limit(most).toList();
  }

  private static List<String> candidates(List<CandidateFailure> failures) {
    List<String> lines = new ArrayList<>();
    for (CandidateFailure failure : failures) {
      lines.add("  %d. %s".formatted(lines.size() + 1, line(failure)));
    }
    return lines;
  }

  /** Candidate, what happened, kind; and the digest it gave when the text does not tell. */
  private static String line(CandidateFailure failure) {
    String actual =
        failure
            .actual()
            .filter(digest -> !failure.what().contains(digest.hex()))
            .map(digest -> ", got " + digest)
            .orElse("");
    return "%s: %s%s %s"
        .formatted(
            Labels.line(failure.candidate().toString()),
            Labels.line(failure.what()),
            actual,
            Labels.bracketed(failure.kind()));
  }

  private static String title(BakeException failure) {
    return Labels.line(failure.explanation().doing()) + " " + Labels.bracketed(failure.kind());
  }

  /** The exceptions below this one, for those who asked for everything. */
  private void causes(BakeException failure) {
    if (detail != Detail.FULL) {
      return;
    }
    Throwable cause = failure.getCause();
    for (int depth = 0; cause != null && depth < 8; depth++) {
      detail("  because of: " + Labels.line(cause.toString()));
      cause = cause.getCause();
    }
  }

  private void stack(Throwable bug) {
    Throwable one = bug;
    for (int depth = 0; one != null && depth < 4; depth++) {
      detail((depth == 0 ? "" : "caused by ") + Labels.line(one.toString()));
      StackTraceElement[] frames = one.getStackTrace();
      for (int i = 0; i < Math.min(MOST_FRAMES, frames.length); i++) {
        detail("    at " + Labels.line(frames[i].toString()));
      }
      one = one.getCause();
    }
  }

  private void detail(String line) {
    bytes += line.getBytes(StandardCharsets.UTF_8).length + 1;
    if (bytes > MOST_BYTES) {
      leftOut++;
    } else {
      details.add(line);
    }
  }
}
