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
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Runs a command with the network refused. */
public final class Guard {
  /** Programs that commonly connect past the proxy of their environment. */
  private static final Set<String> PAST_PROXIES = Set.of("node", "deno", "bun", "java", "ssh");

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
      Kernel kernel = Kernel.of(before, Routes.read());
      kernel.attempt().ifPresent(attempts::add);
      Watch watch = new Watch(surveillance, run, notes, attempts);
      return new GuardReport(
          options.command(),
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

  /** What the routes say before and after. */
  private record Kernel(Optional<Routes> before, Optional<Routes> after) {
    static Kernel of(Optional<Routes> before, Optional<Routes> after) {
      return new Kernel(before, after);
    }

    private boolean closed() {
      return before.isPresent() && after.isPresent() && !before.get().lead() && !after.get().lead();
    }

    /** Packets that had no way out, whoever sent them. */
    private OptionalLong refused() {
      if (!closed() || before.get().refused().isEmpty() || after.get().refused().isEmpty()) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(
          after.get().refused().getAsLong() - before.get().refused().getAsLong());
    }

    Optional<Attempt> attempt() {
      long count = refused().orElse(0);
      return count <= 0
          ? Optional.empty()
          : Optional.of(
              new Attempt(
                  Attempt.UNKNOWN,
                  0,
                  Verdict.REFUSED,
                  new TreeSet<>(List.of(Sight.KERNEL)),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of("a program past hook and proxy"),
                  count));
    }

    Layer layer() {
      if (closed()) {
        return new Layer(
            Layer.Kind.KERNEL,
            Layer.State.ACTIVE,
            "no route leads out of here"
                + (refused().isPresent() ? ", and the kernel counts who tries" : ""));
      }
      return new Layer(
          Layer.Kind.KERNEL,
          Layer.State.ABSENT,
          before
              .or(() -> after)
              .map(routes -> "a route leads out, through " + String.join(", ", routes.interfaces()))
              .orElse("the routes cannot be read"));
    }
  }

  /** What hook and proxy were worth in a run. */
  private record Watch(
      Surveillance surveillance, CommandRun run, Optional<Notes> notes, List<Attempt> attempts) {
    Layer python() {
      if (notes.isEmpty()) {
        return new Layer(
            Layer.Kind.PYTHON, Layer.State.ABSENT, "no directory for the hook could be made");
      }
      List<Notes.Started> started = notes.get().started();
      if (started.isEmpty()) {
        return new Layer(Layer.Kind.PYTHON, Layer.State.IDLE, "the hook started in no Python");
      }
      String versions =
          started.stream()
              .map(one -> one.version() + " (" + one.executable() + ")")
              .distinct()
              .sorted()
              .collect(Collectors.joining(", "));
      return new Layer(
          Layer.Kind.PYTHON,
          Layer.State.ACTIVE,
          "the hook started in %d %s: %s"
              .formatted(started.size(), started.size() == 1 ? "Python" : "Pythons", versions));
    }

    Layer proxy() {
      if (surveillance.proxy().isEmpty()) {
        return new Layer(
            Layer.Kind.PROXY, Layer.State.ABSENT, "no port on loopback could be listened on");
      }
      long asked =
          attempts.stream()
              .filter(one -> one.seen().contains(Sight.PROXY))
              .mapToLong(Attempt::count)
              .sum();
      return asked == 0
          ? new Layer(Layer.Kind.PROXY, Layer.State.IDLE, "nobody asked the proxy")
          : new Layer(
              Layer.Kind.PROXY,
              Layer.State.ACTIVE,
              "the proxy was asked %d %s".formatted(asked, asked == 1 ? "time" : "times"));
    }

    /** What is known to have escaped. */
    List<String> unseen() {
      List<String> unseen = new ArrayList<>();
      Set<Long> started =
          notes.map(Notes::started).orElse(List.of()).stream()
              .map(Notes.Started::pid)
              .collect(Collectors.toSet());
      Map<Long, Family.Member> known = new HashMap<>();
      run.members().forEach(member -> known.put(member.pid(), member));
      for (Family.Member member : run.members()) {
        if (!member.marked()) {
          unseen.add(member + " ran without the variables of the guard");
        } else if (member.isPython() && !isCovered(member, started, known)) {
          unseen.add(member + " ran without the hook: " + member.line());
        } else if (PAST_PROXIES.contains(member.program())) {
          unseen.add(member + " may use no proxy, and no hook sees it");
        }
      }
      notes.ifPresent(
          all -> {
            all.blind().forEach(one -> unseen.add(one.program() + " " + one.why()));
            if (all.lost() > 0) {
              unseen.add(all.lost() + " further notes of the hook were not kept");
            }
          });
      return unseen.stream().distinct().toList();
    }

    /** A forked Python is what its parent is. */
    private static boolean isCovered(
        Family.Member member, Set<Long> started, Map<Long, Family.Member> known) {
      Family.Member one = member;
      for (int depth = 0; depth < 64 && one != null && one.isPython(); depth++) {
        if (started.contains(one.pid())) {
          return true;
        }
        one = known.get(one.parent());
      }
      return false;
    }
  }
}
