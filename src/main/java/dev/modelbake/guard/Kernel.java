package dev.modelbake.guard;

import dev.modelbake.guard.Attempt.Sight;
import dev.modelbake.guard.Attempt.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/** What the kernel knows of a run: its routes, and the packets that had none, before and after. */
record Kernel(Optional<Routes> before, Optional<Routes> after) {
  private boolean closed() {
    return before.isPresent() && after.isPresent() && !before.get().lead() && !after.get().lead();
  }

  /** Packets that had no way out, whoever sent them. */
  private OptionalLong refused() {
    if (!closed() || before.get().refused().isEmpty() || after.get().refused().isEmpty()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(after.get().refused().getAsLong() - before.get().refused().getAsLong());
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
