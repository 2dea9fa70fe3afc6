package dev.modelbake.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Anything that stops a bake. The subclasses carry data; their texts are written in them and
 * nowhere else, and hold no secret.
 */
public abstract sealed class BakeException extends RuntimeException
    permits ArchiveDamagedException,
        ArchiveRefusedException,
        BakeFailedException,
        CannotCreateException,
        ContradictionException,
        CredentialException,
        DigestMismatchException,
        DiskException,
        EnvironmentException,
        FetchException,
        HubException,
        InterruptedBakeException,
        ManifestException,
        MirrorException,
        MirrorFailedException,
        MissingException,
        PolicyException,
        RegistryException,
        SignatureException,
        TemporaryException,
        UnpinnedException,
        UsageException {
  private static final long serialVersionUID = 1L;

  private final FailureKind kind;
  private final transient Explanation explanation;

  BakeException(FailureKind kind, Explanation explanation, @Nullable Throwable cause) {
    super(explanation.toString(), cause);
    this.kind = kind;
    this.explanation = explanation;
  }

  /** Which exit code follows. */
  public final FailureKind kind() {
    return kind;
  }

  /** The failures that this one is made of; none when it stands for itself. */
  public List<BakeException> members() {
    return List.of();
  }

  /** The three parts of the message. */
  public final Explanation explanation() {
    return explanation;
  }
}
