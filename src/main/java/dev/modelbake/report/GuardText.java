package dev.modelbake.report;

import dev.modelbake.guard.Attempt;
import dev.modelbake.guard.GuardReport;
import dev.modelbake.guard.Layer;
import dev.modelbake.model.Printable;
import java.util.List;
import java.util.stream.Collectors;

/** What a guarded command did, for people. The cause stands in the last ten lines. */
public final class GuardText {
  private static final int MOST_ATTEMPTS = 100;
  private static final int MOST_NAMES = 20;
  private static final int MOST_PLACES = 3;
  private static final int LONGEST = 300;
  private static final int NOT_FOUND = 127;

  private GuardText() {}

  /** The lines. */
  public static String of(GuardReport report, Detail detail) {
    StringBuilder out = new StringBuilder();
    if (report.fault().isPresent()) {
      return fault(report);
    }
    attempts(report.attempts(), detail, out);
    names("left behind by the command, and ended: ", report.ended(), out);
    names("not seen: ", report.unseen(), out);
    report.layers().forEach(layer -> out.append(layer(layer)).append('\n'));
    if (report.refused().isEmpty()) {
      out.append(
              report.attempts().isEmpty()
                  ? "no attempt was seen"
                  : "only allowed hosts were reached for")
          .append("; the command ended with ")
          .append(report.exit())
          .append('\n');
    }
    return out.append(worth(report)).append('\n').append(error(report)).toString();
  }

  /** What went wrong alone: nothing when all is well. */
  public static String ofErrors(GuardReport report, Detail detail) {
    if (report.fault().isPresent()) {
      return fault(report);
    }
    StringBuilder out = new StringBuilder();
    attempts(report.refused(), detail, out);
    return out.append(error(report)).toString();
  }

  private static String fault(GuardReport report) {
    return "error: running %s – %s – %s\n"
        .formatted(
            safe(report.command().get(0)),
            safe(report.fault().orElse("")),
            report.exit() == NOT_FOUND
                ? "check the name and PATH"
                : "check its mode (chmod +x), its first line and what machine it is for");
  }

  private static void attempts(List<Attempt> attempts, Detail detail, StringBuilder out) {
    for (Attempt one : attempts.subList(0, Math.min(MOST_ATTEMPTS, attempts.size()))) {
      out.append(line(one)).append('\n');
      if (detail == Detail.FULL) {
        one.url().ifPresent(url -> out.append("    ").append(safe(url)).append('\n'));
        one.caller()
            .ifPresent(
                caller ->
                    caller
                        .stack()
                        .forEach(frame -> out.append("    ").append(safe(frame)).append('\n')));
      }
    }
    if (attempts.size() > MOST_ATTEMPTS) {
      out.append("and ")
          .append(Amounts.count(attempts.size() - MOST_ATTEMPTS, "place"))
          .append(" more, in the report\n");
    }
  }

  /** Such as {@code refused www.modelscope.cn:443, 3 times: rapidocr/utils/download_file.py:71}. */
  private static String line(Attempt attempt) {
    String who =
        attempt
            .caller()
            .map(
                caller ->
                    caller.file()
                        + ":"
                        + caller.line()
                        + caller.through().map(one -> ", through " + one).orElse(""))
            .orElse(attempt.program().orElse("a program"));
    String seen = attempt.seen().stream().map(Labels::of).collect(Collectors.joining(", "));
    return safe(
        "%s %s%s: %s (%s)"
            .formatted(
                Labels.of(attempt.verdict()),
                target(attempt),
                attempt.count() == 1 ? "" : ", " + attempt.count() + " times",
                who,
                seen));
  }

  private static void names(String what, List<String> names, StringBuilder out) {
    for (String name : names.subList(0, Math.min(MOST_NAMES, names.size()))) {
      out.append(what).append(safe(name)).append('\n');
    }
    if (names.size() > MOST_NAMES) {
      out.append(what).append(names.size() - MOST_NAMES).append(" more\n");
    }
  }

  private static String layer(Layer layer) {
    return "layer %s %s: %s"
        .formatted(Labels.of(layer.kind()), Labels.of(layer.state()), safe(layer.says()));
  }

  private static String worth(GuardReport report) {
    return switch (report.worth()) {
      case PROOF -> "proof: no route leads out of here, so nothing left this machine";
      case EVIDENCE -> "evidence, not proof: what passes by hook and proxy is not seen";
      case NOTHING -> "nothing is known: no layer looked at this command";
    };
  }

  private static String error(GuardReport report) {
    List<String> places = report.refused().stream().map(GuardText::target).distinct().toList();
    if (places.isEmpty()) {
      return "";
    }
    int others = places.size() - MOST_PLACES;
    return "error: running %s – it reached for %s%s, and ended with %d – %s\n"
        .formatted(
            safe(report.command().get(0)),
            safe(places.stream().limit(MOST_PLACES).collect(Collectors.joining(", "))),
            others > 0 ? " and " + Amounts.count(others, "other place") : "",
            report.exit(),
            remedy(report.refused()));
  }

  /** A host that nobody knows can be neither fetched from nor allowed. */
  private static String remedy(List<Attempt> refused) {
    return refused.stream().allMatch(Attempt::isKernels)
        ? "find out where to, with `strace -f -e trace=network`"
        : "bake what it fetches (`modelbake record`), or --allow the host";
  }

  private static String target(Attempt attempt) {
    if (attempt.isKernels()) {
      return "a place that only the kernel saw";
    }
    return attempt.host().equals(Attempt.UNKNOWN) ? "further hosts" : attempt.target();
  }

  private static String safe(String text) {
    return Printable.of(text, LONGEST);
  }
}
