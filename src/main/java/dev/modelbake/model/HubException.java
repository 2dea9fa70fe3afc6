package dev.modelbake.model;

import org.jspecify.annotations.Nullable;

/** The Hugging Face hub did not tell which files a repository has. */
public final class HubException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final transient HubRepository repository;

  /**
   * A repository that cannot be listed.
   *
   * @param kind unavailable, temporary, authentication; integrity when two answers contradict each
   *     other; refused for a hostile or boundless one
   * @param happened printable and free of secrets
   */
  public HubException(
      FailureKind kind,
      HubRepository repository,
      String happened,
      String remedy,
      @Nullable Throwable cause) {
    super(
        kind,
        new Explanation(
            "listing the files of " + repository.id() + " at " + repository.revision(),
            happened,
            remedy),
        cause);
    this.repository = repository;
  }

  /** The repository and the revision that was asked for. */
  public HubRepository repository() {
    return repository;
  }
}
