package dev.modelbake.guard;

import dev.modelbake.guard.Attempt.Sight;
import dev.modelbake.guard.Attempt.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What the kernel knows of a run: its routes, and the packets that had none, before and after.
 *
 * @param others what the other layers saw
 */
record Kernel(Optional<Routes> before, Optional<Routes> after, List<Attempt> others) {
  private boolean proves() {
    return before.filter(Routes::prove).isPresent() && after.filter(Routes::prove).isPresent();
  }

  /** Packets that had no way out, whoever sent them. */
  private long packets() {
    return proves()
        ? after.orElseThrow().refused().orElse(0) - before.orElseThrow().refused().orElse(0)
        : 0;
  }

  /** Those to allowed hosts had no way out either, and nobody can tell them from others. */
  private boolean isMixed() {
    return packets() > 0 && others.stream().anyMatch(one -> one.verdict() == Verdict.ALLOWED);
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

  Layer layer() {
    if (isMixed()) {
      return new Layer(
          Layer.Kind.KERNEL,
          Layer.State.ABSENT,
          "no route leads out of here, but %d packets tried, perhaps all to allowed hosts"
              .formatted(packets()));
    }
    return new Layer(
        Layer.Kind.KERNEL,
        proves() ? Layer.State.ACTIVE : Layer.State.ABSENT,
        before
            .filter(routes -> !routes.prove())
            .or(() -> after)
            .map(Routes::says)
            .orElse("the routes cannot be read"));
  }
}
