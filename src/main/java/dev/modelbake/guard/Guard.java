package dev.modelbake.guard;

import dev.modelbake.guard.Attempt.Caller;
import dev.modelbake.guard.Attempt.Sight;
import dev.modelbake.guard.Attempt.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Runs a command with the network refused. */
public final class Guard {
  private Guard() {}

  /**
   * Runs it to its end, with the streams of this process.
   *
   * @throws dev.modelbake.model.UsageException if an allowed host is none
   */
  public static GuardReport run(GuardOptions options) {
    Optional<Routes> before = Routes.read();
    try (Surveillance surveillance =
        Surveillance.refusing(options.environment(), options.allow())) {
      CommandRun run = CommandRun.of(options, surveillance);
      Optional<Notes> notes = notes(surveillance);
      List<Attempt> attempts = new ArrayList<>();
      notes.ifPresent(all -> attempts.addAll(all.attempts()));
      surveillance.proxy().ifPresent(proxy -> attempts.addAll(proxy.attempts()));
      Kernel kernel = new Kernel(before, Routes.read());
      kernel.attempt().ifPresent(attempts::add);
      Watch watch = new Watch(surveillance, run, notes, attempts);
      return new GuardReport(
          Discreet.words(options.command()),
          run.exit(),
          run.fault(),
          merged(attempts),
          List.of(watch.python(), watch.proxy(), kernel.layer()),
          watch.unseen(),
          run.ended());
    }
  }

  /** The hook that needs nothing else of modelbake, as the text of a Python file. */
  public static String pythonFile() {
    return HookDirectory.hookText();
  }

  private static Optional<Notes> notes(Surveillance surveillance) {
    try {
      return surveillance.hook().isPresent()
          ? Optional.of(Notes.read(surveillance.hook().get().notes()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private record Key(String host, int port, Verdict verdict, String caller) {}

  /** One for each host, port and caller; refused ones first, then by host. */
  static List<Attempt> merged(List<Attempt> attempts) {
    Map<Key, Attempt> merged = new HashMap<>();
    for (Attempt one : attempts) {
      String caller =
          one.caller().map(at -> at.file() + ":" + at.line()).orElse(one.program().orElse(""));
      merged.merge(new Key(one.host(), one.port(), one.verdict(), caller), one, Guard::both);
    }
    return merged.values().stream()
        .sorted(
            Comparator.comparing(Attempt::verdict)
                .thenComparing(Attempt::host)
                .thenComparing(Attempt::port)
                .thenComparing(one -> one.caller().map(Caller::file).orElse(""))
                .thenComparing(one -> one.caller().map(Caller::line).orElse(0))
                .thenComparing(one -> one.program().orElse("")))
        .toList();
  }

  private static Attempt both(Attempt one, Attempt other) {
    TreeSet<Sight> seen = new TreeSet<>(one.seen());
    seen.addAll(other.seen());
    return new Attempt(
        one.host(),
        one.port(),
        one.verdict(),
        seen,
        one.url().or(other::url),
        one.caller(),
        one.program(),
        one.count() + other.count());
  }
}
