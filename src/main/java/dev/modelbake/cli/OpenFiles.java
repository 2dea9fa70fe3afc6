package dev.modelbake.cli;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.DiskException;
import java.util.Locale;
import java.util.Optional;

/** Finds out whether the limit on open files is behind a failure, whatever that looks like. */
final class OpenFiles {
  /** The kernel's words in the locale of the launcher (EMFILE, ENFILE). */
  private static final String WORDS = "Too many open files";

  private static final int DEEPEST = 20;

  private OpenFiles() {}

  /** The same failure as one of this machine; empty when something else is behind it. */
  static Optional<BakeException> behind(Throwable failure) {
    return isBehind(failure, 0) ? Optional.of(told(failure)) : Optional.empty();
  }

  private static boolean isBehind(Throwable failure, int depth) {
    if (depth > DEEPEST) {
      return false;
    }
    boolean said = String.valueOf(failure.getMessage()).contains(WORDS);
    Throwable cause = failure.getCause();
    boolean below =
        failure instanceof BakeException known
            && known.members().stream().anyMatch(one -> isBehind(one, depth + 1));
    return said || below || (cause != null && isBehind(cause, depth + 1));
  }

  private static BakeException told(Throwable failure) {
    String doing = failure instanceof BakeException known ? known.explanation().doing() : "running";
    return new DiskException(
        doing,
        "open files",
        WORDS.toLowerCase(Locale.ROOT) + ": this process may have no more",
        "raise the limit on open files (ulimit -n) to 64 or more; --jobs 1 needs fewer",
        failure);
  }
}
