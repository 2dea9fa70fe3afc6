package dev.modelbake.guard;

import dev.modelbake.guard.Attempt.Caller;
import dev.modelbake.guard.Attempt.Sight;
import dev.modelbake.guard.Attempt.Verdict;
import dev.modelbake.model.EnvironmentException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
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
   * @throws EnvironmentException if it cannot be worth here what it is required to be
   */
  public static GuardReport run(GuardOptions options) {
    Optional<Routes> before = Routes.read();
    try (Surveillance surveillance =
        Surveillance.refusing(options.environment(), options.allow())) {
      require(options.require(), surveillance, before);
      CommandRun run = CommandRun.of(options, surveillance);
      Optional<Notes> notes = notes(surveillance);
      List<Attempt> attempts = new ArrayList<>();
      notes.ifPresent(all -> attempts.addAll(all.attempts()));
      surveillance.proxy().ifPresent(proxy -> attempts.addAll(proxy.attempts()));
      boolean open = new AllowedHosts(options.allow()).areAway();
      Kernel kernel = new Kernel(before, Routes.read(), open);
      kernel.attempt().ifPresent(attempts::add);
      Watch watch = new Watch(surveillance, run, notes, attempts);
      List<String> unseen = new ArrayList<>(watch.unseen());
      kernel.unseen().ifPresent(unseen::add);
      return new GuardReport(
          Discreet.words(options.command()),
          run.exit(),
          run.fault(),
          merged(attempts),
          List.of(watch.python(), watch.proxy(), kernel.layer()),
          unseen,
          run.ended());
    }
  }

  private static void require(
      GuardReport.Worth worth, Surveillance surveillance, Optional<Routes> routes) {
    boolean proof = routes.filter(Routes::prove).isPresent();
    if (worth == GuardReport.Worth.PROOF && !proof) {
      throw new EnvironmentException(
          "--require proof",
          routes.map(Routes::says).orElse(Kernel.UNREADABLE),
          routes.flatMap(Routes::remedy).orElse(Kernel.MOUNT),
          null);
    }
    boolean offered = surveillance.hook().isPresent() || surveillance.proxy().isPresent() || proof;
    if (worth == GuardReport.Worth.EVIDENCE && !offered) {
      throw new EnvironmentException(
          "--require evidence",
          "neither hook nor proxy can be set up",
          "give it a temporary directory, or a loopback that is up",
          null);
    }
  }

  /** The hook and a small runner that need nothing else of modelbake, as one Python file. */
  public static String pythonFile() {
    return HookDirectory.aloneText();
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

  /**
   * One for each host, port and caller; refused ones first, then by host. What was seen in several
   * ways, a name looked up and then connected to, is one request.
   */
  static List<Attempt> merged(List<Attempt> attempts) {
    Map<Key, Map<Sight, Long>> counts = new HashMap<>();
    Map<Key, Attempt> merged = new HashMap<>();
    for (Attempt one : attempts) {
      String caller =
          one.caller().map(at -> at.file() + ":" + at.line()).orElse(one.program().orElse(""));
      Key key = new Key(one.host(), one.port(), one.verdict(), caller);
      Map<Sight, Long> seen = counts.computeIfAbsent(key, any -> new EnumMap<>(Sight.class));
      one.seen().forEach(sight -> seen.merge(sight, one.count(), Long::sum));
      merged.merge(key, one, Guard::both);
    }
    List<Attempt> counted = new ArrayList<>();
    merged.forEach(
        (key, one) -> counted.add(one.counted(most(counts.getOrDefault(key, Map.of())))));
    return withoutPassedOn(counted).stream()
        .sorted(
            Comparator.comparing(Attempt::verdict)
                .thenComparing(Attempt::host)
                .thenComparing(Attempt::port)
                .thenComparing(one -> one.caller().map(Caller::file).orElse(""))
                .thenComparing(one -> one.caller().map(Caller::line).orElse(0))
                .thenComparing(one -> one.program().orElse("")))
        .toList();
  }

  private static long most(Map<Sight, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).max().orElse(1);
  }

  /** What the hook let pass went on to the proxy: there it is the same request again. */
  private static List<Attempt> withoutPassedOn(List<Attempt> attempts) {
    List<Attempt> left = new ArrayList<>();
    for (Attempt one : attempts) {
      long known = one.isProxys() ? hooked(attempts, one) : 0;
      if (one.count() > known) {
        left.add(one.counted(one.count() - known));
      }
    }
    return left;
  }

  private static long hooked(List<Attempt> attempts, Attempt proxied) {
    return attempts.stream()
        .filter(one -> !one.isProxys() && one.verdict() == Verdict.ALLOWED)
        .filter(one -> one.target().equals(proxied.target()) && one.verdict() == proxied.verdict())
        .mapToLong(Attempt::count)
        .sum();
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
        one.count());
  }
}
