package dev.modelbake.cli;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Candidate.Role;
import dev.modelbake.report.Amounts;
import dev.modelbake.report.FailureText;
import dev.modelbake.report.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The lines that events leave behind, for a terminal and for a build log alike. */
final class ProgressMessages {
  private final ProgressTally tally;
  private final Verbosity verbosity;
  private final Style style;
  private final Purpose purpose;

  ProgressMessages(ProgressTally tally, Progress.Wish wish) {
    this.tally = tally;
    verbosity = wish.verbosity();
    style = wish.style();
    purpose = wish.purpose();
  }

  /** The line of an event which is about to be counted; empty when this verbosity has none. */
  Optional<String> of(BakeEvent event, long now) {
    return verbosity.tells(level(event)) ? line(event, now) : Optional.empty();
  }

  private static Verbosity level(BakeEvent event) {
    if (event instanceof BakeEvent.Kept || event instanceof BakeEvent.Published) {
      return Verbosity.DETAILED;
    }
    boolean step =
        event instanceof BakeEvent.Fetching
            || event instanceof BakeEvent.Retrying
            || event instanceof BakeEvent.Made
            || event instanceof BakeEvent.Unpacking
            || event instanceof BakeEvent.Unpacked;
    return step ? Verbosity.VERBOSE : Verbosity.NORMAL;
  }

  private Optional<String> line(BakeEvent event, long now) {
    if (event instanceof BakeEvent.Planned e) {
      return Optional.of(planned(e));
    }
    if (event instanceof BakeEvent.Verified e) {
      return Optional.of(verified(e, now));
    }
    if (event instanceof BakeEvent.CandidateFailed e) {
      String what = Labels.line(e.failure().candidate() + ": " + e.failure().what());
      String kind = Labels.bracketed(e.failure().kind());
      return Optional.of(
          "%s %s: %s %s".formatted(style.warning("warning:"), Labels.text(e.file()), what, kind));
    }
    if (event instanceof BakeEvent.Failed e) {
      return Optional.of(
          "%s %s%s %s"
              .formatted(
                  style.error("failed:"),
                  Labels.text(e.file()),
                  FailureText.happened(e.failure()).map(what -> ": " + what).orElse(""),
                  Labels.bracketed(e.failure().kind())));
    }
    if (event instanceof BakeEvent.Notice e) {
      return Optional.of(style.warning("notice:") + " " + Labels.line(e.text()));
    }
    if (event instanceof BakeEvent.Finished e) {
      return Optional.of(summary(e));
    }
    return step(event);
  }

  private static Optional<String> step(BakeEvent event) {
    if (event instanceof BakeEvent.Kept e) {
      return Optional.of("already right: " + Labels.text(e.file()));
    }
    if (event instanceof BakeEvent.Fetching e) {
      return Optional.of(
          "trying %s for %s"
              .formatted(Labels.text(e.candidate().toString()), Labels.text(e.file())));
    }
    if (event instanceof BakeEvent.Retrying e) {
      return Optional.of(
          "retrying %s in %s (attempt %d): %s"
              .formatted(
                  Labels.text(e.candidate().toString()),
                  Amounts.time(e.pause()),
                  e.attempt(),
                  Labels.line(e.why())));
    }
    if (event instanceof BakeEvent.Made e) {
      String from = e.parts() == 0 ? "" : " of " + Amounts.count(e.parts(), "part");
      return Optional.of("made " + Labels.text(e.file()) + from);
    }
    if (event instanceof BakeEvent.Unpacking e) {
      return Optional.of("unpacking " + Labels.text(e.file()));
    }
    if (event instanceof BakeEvent.Unpacked e) {
      return Optional.of(
          "unpacked %s (%s, %s)"
              .formatted(
                  Labels.text(e.file()),
                  Amounts.count(e.files(), "file"),
                  Amounts.size(e.bytes())));
    }
    return event instanceof BakeEvent.Published e
        ? Optional.of("published " + Labels.text(e.file()))
        : Optional.empty();
  }

  private String planned(BakeEvent.Planned event) {
    int missing = event.files() - event.kept();
    String size = event.bytes() > 0 ? " (" + Amounts.size(event.bytes()) + ")" : "";
    return "%s: %d %s%s, %d already right"
        .formatted(
            Amounts.count(event.files(), "file"), missing, purpose.intent(), size, event.kept());
  }

  private String verified(BakeEvent.Verified event, long now) {
    OptionalLong size = event.descriptor().size();
    List<String> facts = new ArrayList<>();
    size.ifPresent(bytes -> facts.add(Amounts.size(bytes)));
    OptionalLong since = tally.since(event.file());
    if (since.isPresent()) {
      long nanos = Math.max(1, now - since.getAsLong());
      facts.add(Amounts.time(Duration.ofNanos(nanos)));
      // The speed of a few milliseconds is noise.
      if (size.isPresent() && nanos > 500_000_000L) {
        facts.add(Amounts.rate(size.getAsLong() * 1e9 / nanos));
      }
    }
    return "%s %s (%s) %s %s"
        .formatted(
            style.good(purpose.step()),
            Labels.text(event.file()),
            String.join(", ", facts),
            purpose.preposition(),
            origin(event.candidate()));
  }

  private static String origin(Candidate candidate) {
    String host = candidate.url().uri().getHost();
    if (candidate.role() == Role.STORE) {
      return "the store";
    }
    return host == null ? Labels.text(candidate.toString()) : Labels.text(host);
  }

  /** The last line: how many files are proven, and how. */
  private String summary(BakeEvent.Finished event) {
    String time = Amounts.time(event.took());
    if (event.failed() > 0) {
      return "%s after %s: %d of %s failed, %d already right, %d fetched"
          .formatted(
              style.error("stopped"),
              time,
              event.failed(),
              Amounts.count(tally.files(), "file"),
              tally.kept(),
              tally.fetched() + tally.fromStore());
    }
    int mended = Math.max(0, event.proven() - tally.done());
    if (tally.fetched() + tally.fromStore() + tally.made() == 0) {
      String mendedToo = mended == 0 ? "" : ", owner or mode of %d mended".formatted(mended);
      return "%s %d of %s already right%s"
          .formatted(
              style.good(purpose.idle()),
              tally.kept() + mended,
              Amounts.count(tally.files(), "file"),
              mendedToo);
    }
    String parts =
        "%d %s".formatted(tally.fetched(), purpose.step())
            + (tally.fromStore() > 0 ? ", %d from the store".formatted(tally.fromStore()) : "")
            + (tally.made() > 0 ? ", %d made".formatted(tally.made()) : "")
            + (mended > 0 ? ", %d mended".formatted(mended) : "")
            + ", %d already right".formatted(tally.kept());
    return "%s %s (%s) in %s: %s; %s"
        .formatted(
            style.good(purpose.done()),
            Amounts.count(tally.files(), "file"),
            Amounts.size(tally.provenBytes()),
            time,
            parts,
            proven(event.proven()));
  }

  private String proven(int proven) {
    if (proven == tally.files()) {
      return proven == 1 ? "it is proven" : "all " + proven + " proven";
    }
    return proven + " of " + tally.files() + " proven";
  }
}
