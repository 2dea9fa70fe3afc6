package dev.modelbake.publish;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What has to be done, last step first, to make the disk as it was. */
final class Undo {
  private final Deque<Failures.Action> steps = new ArrayDeque<>();

  /** Adds the reverse of a step that is about to be taken or has been. */
  void add(Failures.Action reverse) {
    steps.push(reverse);
  }

  /** Takes all steps back; one that fails does not stop the others. */
  void run(Exception cause) {
    while (!steps.isEmpty()) {
      try {
        steps.pop().run();
      } catch (IOException | RuntimeException e) {
        cause.addSuppressed(e);
      }
    }
  }
}
