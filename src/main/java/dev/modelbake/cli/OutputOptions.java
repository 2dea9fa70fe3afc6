package dev.modelbake.cli;

import dev.modelbake.report.Labels;
import picocli.CommandLine.Option;

/** How much is said, and how. */
final class OutputOptions {
  @Option(
      names = "--progress",
      paramLabel = "FORM",
      description =
          "One of ${COMPLETION-CANDIDATES}; auto is tty on a terminal and plain elsewhere"
              + " (default: ${DEFAULT-VALUE}).")
  private ProgressMode progress = ProgressMode.AUTO;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      description =
          "One of ${COMPLETION-CANDIDATES}; NO_COLOR is honoured (default: ${DEFAULT-VALUE}).")
  private Colors color = Colors.AUTO;

  @Option(
      names = {"-v", "--verbose"},
      description = "Say more: sources, retries. Twice for every step.")
  private boolean[] verbose = {};

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing but errors.")
  private boolean quiet;

  /** Tells people how it went. */
  void tell(Session session, String line) {
    if (!quiet) {
      complain(session, Labels.text(line));
    }
  }

  /** Tells people what they have to know even if they want to hear nothing. */
  void complain(Session session, String lines) {
    new PeopleText(session, color).print(lines);
  }

  /** Prints lines for people, unless they want none. */
  void print(Session session, String lines) {
    if (!quiet) {
      complain(session, lines);
    }
  }

  Progress progress(Session session) {
    return progress(session, Purpose.BAKE);
  }

  Progress progress(Session session, Purpose purpose) {
    Terminal terminal = session.terminal();
    Verbosity verbosity = quiet ? Verbosity.QUIET : Verbosity.ofCount(verbose.length);
    Style style = Style.of(color, terminal, session.environment());
    return Progress.of(
        new Progress.Wish(progress, verbosity, style, purpose),
        session.err(),
        terminal,
        System::nanoTime);
  }
}
