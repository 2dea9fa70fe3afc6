package dev.modelbake.guard;

import dev.modelbake.guard.Attempt.Sight;
import dev.modelbake.model.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What hook and proxy were worth in a run. */
record Watch(
    Surveillance surveillance, CommandRun run, Optional<Notes> notes, List<Attempt> attempts) {
  /** Programs that commonly connect past the proxy of their environment. */
  private static final Set<String> PAST_PROXIES = Set.of("node", "deno", "bun", "java", "ssh");

  private static final int LONGEST_LINE = 100;

  Layer python() {
    if (notes.isEmpty()) {
      return new Layer(
          Layer.Kind.PYTHON, Layer.State.ABSENT, "no directory for the hook could be made");
    }
    List<Notes.Started> started = notes.get().started();
    if (started.isEmpty()) {
      return new Layer(Layer.Kind.PYTHON, Layer.State.IDLE, "the hook started in no Python");
    }
    if (!notes.get().faults().isEmpty()) {
      return new Layer(
          Layer.Kind.PYTHON,
          Layer.State.ABSENT,
          "the hook failed to look at what a Python did, which is a bug in it");
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
        unseen.add(
            member
                + " ran without the hook: "
                + Printable.of(Discreet.line(member.line()), LONGEST_LINE));
      } else if (PAST_PROXIES.contains(member.program())) {
        unseen.add(member + " may use no proxy, and no hook sees it");
      }
    }
    notes.ifPresent(
        all -> {
          all.blind().forEach(one -> unseen.add(one.program() + " " + one.why()));
          all.faults().forEach(one -> unseen.add("what a Python did when the hook failed: " + one));
          if (all.more() > 0) {
            unseen.add(
                "%d attempts more: of each process the first %d different ones are told"
                    .formatted(all.more(), Notes.MOST_DIFFERENT));
          }
          if (all.lost() > 0) {
            unseen.add(all.lost() + " notes of the hook that cannot be read");
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
