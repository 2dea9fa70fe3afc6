package dev.modelbake.model;

import java.util.List;

/** Some files of a mirror failed; each failure is kept. Its kind is the gravest of theirs. */
public final class MirrorFailedException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final transient List<BakeException> failures;

  /**
   * A failed run.
   *
   * @param doing such as {@code making the mirror /mnt/usb}
   * @param happened what follows of it
   * @param failures one or more
   */
  public MirrorFailedException(String doing, String happened, List<BakeException> failures) {
    super(
        FailureKind.gravest(failures.stream().map(BakeException::kind).toList()),
        new Explanation(
            doing, "%d failed, %s".formatted(failures.size(), happened), "see each failure"),
        failures.get(0));
    this.failures = List.copyOf(failures);
    failures.stream().skip(1).forEach(this::addSuppressed);
  }

  @Override
  public List<BakeException> members() {
    return failures;
  }
}
