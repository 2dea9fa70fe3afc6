package dev.modelbake.model;

/**
 * One thing that {@code verify} found.
 *
 * @param path as the image sees it
 * @param file the model file it belongs to; empty for an unexpected file
 * @param kind {@link FailureKind#INTEGRITY} or {@link FailureKind#MISSING}, or {@link
 *     FailureKind#CONFIGURATION} where nothing can be proven
 * @param what expected and actual, one line
 */
public record Finding(String path, String file, FailureKind kind, String what) {
  /** Whether it is a file that nobody asked for, which is an error only under {@code --strict}. */
  public boolean unexpected() {
    return file.isEmpty();
  }
}
