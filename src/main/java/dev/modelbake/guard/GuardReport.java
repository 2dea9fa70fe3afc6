package dev.modelbake.guard;

import java.util.List;
import java.util.Optional;

/**
 * What a guarded command was seen to do.
 *
 * @param exit the command's own code: 126 not executable, 127 not found, 128+n ended by a signal
 * @param fault why the command did not start
 * @param attempts by host, port and caller; refused ones first
 * @param layers which looked
 * @param unseen what is known to have escaped the layers
 * @param ended processes that the command left behind
 */
public record GuardReport(
    List<String> command,
    int exit,
    Optional<String> fault,
    List<Attempt> attempts,
    List<Layer> layers,
    List<String> unseen,
    List<String> ended) {
  public GuardReport {
    command = List.copyOf(command);
    attempts = List.copyOf(attempts);
    layers = List.copyOf(layers);
    unseen = List.copyOf(unseen);
    ended = List.copyOf(ended);
  }

  /** What the absence of attempts is worth. */
  public enum Worth {
    /** The kernel has no way out: nothing left this machine, and every attempt was counted. */
    PROOF,
    /** A layer looked, and others may have passed it by. */
    EVIDENCE,
    /** No layer looked at anything. */
    NOTHING;

    /** Whether this says less than another. */
    public boolean isLessThan(Worth other) {
      return compareTo(other) > 0;
    }
  }

  /** The attempts that were refused. */
  public List<Attempt> refused() {
    return attempts.stream().filter(one -> one.verdict() == Attempt.Verdict.REFUSED).toList();
  }

  /** What it is worth that no more was seen. */
  public Worth worth() {
    if (is(Layer.Kind.KERNEL)) {
      return Worth.PROOF;
    }
    return is(Layer.Kind.PYTHON) || is(Layer.Kind.PROXY) ? Worth.EVIDENCE : Worth.NOTHING;
  }

  private boolean is(Layer.Kind kind) {
    return layers.stream()
        .anyMatch(layer -> layer.kind() == kind && layer.state() == Layer.State.ACTIVE);
  }
}
