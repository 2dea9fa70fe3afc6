package dev.modelbake.guard;

import dev.modelbake.guard.Attempt.Sight;
import dev.modelbake.guard.Attempt.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What the kernel knows of a run: its routes, and the packets that had none, before and after. It
 * counts those of allowed hosts like all others, and does not say where any of them was to go.
 *
 * @param open whether the command may reach other hosts than this machine
 */
record Kernel(Optional<Routes> before, Optional<Routes> after, boolean open) {
  static final String UNREADABLE = "the routes cannot be read";
  static final String MOUNT = "mount /proc";

  private boolean proves() {
    return before.filter(Routes::prove).isPresent() && after.filter(Routes::prove).isPresent();
  }

  /** Packets that had no way out, whoever sent them. */
  private long packets() {
    return proves()
        ? after.orElseThrow().refused().orElse(0) - before.orElseThrow().refused().orElse(0)
        : 0;
  }

  /** Whether nobody can tell if something reached for a host that is not allowed. */
  private boolean isMixed() {
    return packets() > 0 && open;
  }

  Optional<Attempt> attempt() {
    return packets() <= 0 || isMixed()
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
                packets()));
  }

  /** What it counted and cannot tell apart. */
  Optional<String> unseen() {
    return isMixed()
        ? Optional.of(
            "where %d packets that found no route were to go: to allowed hosts, or to others"
                .formatted(packets()))
        : Optional.empty();
  }

  Layer layer() {
    if (isMixed()) {
      return new Layer(
          Layer.Kind.KERNEL,
          Layer.State.ABSENT,
          "no route leads out of here, so nothing left this machine; but packets tried, and the"
              + " kernel does not tell those to allowed hosts from others (for proof: run it"
              + " without --allow)");
    }
    Optional<Routes> source = before.filter(routes -> !routes.prove()).or(() -> after);
    String remedy = source.isEmpty() ? MOUNT : source.get().remedy().orElse("");
    return new Layer(
        Layer.Kind.KERNEL,
        proves() ? Layer.State.ACTIVE : Layer.State.ABSENT,
        source.map(Routes::says).orElse(UNREADABLE)
            + (remedy.isEmpty() ? "" : " (for proof: " + remedy + ")"));
  }
}
