package dev.modelbake.verify;

import dev.modelbake.digest.Digests;
import dev.modelbake.digest.FileDigests;
import dev.modelbake.digest.GitBlobId;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Printable;
import dev.modelbake.model.Target;
import dev.modelbake.publish.Placement;
import dev.modelbake.publish.RootedPaths;
import dev.modelbake.publish.Stat;
import dev.modelbake.verify.VerifyOptions.Depth;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Looks at single files; for use by several threads. */
record Examiner(RootedPaths paths, Depth depth) {
  private static final int MOST = 400;

  /** Compares a file with its pin, owner and mode. */
  Observation examine(Placement placement) {
    return look(
        placement,
        (path, stat) -> {
          if (placement.pin().isEmpty()) {
            return new Observation(
                placement,
                State.UNKNOWN,
                "only its download is pinned, so nothing here can be proven");
          }
          Descriptor pin = placement.pin().get();
          if (pin.size().isPresent() && pin.size().getAsLong() != stat.size()) {
            return wrong(
                placement,
                "expected %d bytes, actual %d".formatted(pin.size().getAsLong(), stat.size()));
          }
          return depth == Depth.QUICK
              ? metadata(placement, stat, Optional.empty())
              : bytes(placement, pin, stat, path);
        });
  }

  /**
   * Compares a file of a hub cache: the link at its place, and what lies behind.
   *
   * @param cache names the blob
   */
  Observation examine(Placement pointer, Target.Cache cache) {
    return behindLink(
        pointer,
        text -> {
          Path blob = behind(pointer.path(), text);
          Path blobs = cache.repository().resolve("blobs");
          Optional<String> fault = linkFault(pointer, cache, blobs, blob);
          if (fault.isPresent()) {
            return wrong(pointer, fault.get());
          }
          Observation found = examine(pointer, blob);
          return cache.blobName() == Target.BlobName.GIT && found.sha256().isPresent()
              ? named(found, blob)
              : found;
        });
  }

  /** Compares a file that lies behind a link which says exactly this. */
  Observation examine(Placement pointer, String link) {
    return behindLink(
        pointer,
        text ->
            text.toString().equals(link)
                ? examine(pointer, behind(pointer.path(), text))
                : wrong(
                    pointer, "expected a link to %s, actual: to %s".formatted(link, show(text))));
  }

  private static Optional<String> linkFault(
      Placement pointer, Target.Cache cache, Path blobs, Path blob) {
    if (!blobs.equals(blob.getParent())) {
      return Optional.of(
          "expected a link to one of the repository's blobs, actual: to " + show(blob));
    }
    String id = String.valueOf(blob.getFileName());
    String hex = pointer.pin().map(pin -> pin.digest().hex()).orElse("");
    return cache.blobName() == Target.BlobName.SHA256 && !id.equals(hex)
        ? Optional.of("expected a link to the blob %s, actual: to %s".formatted(hex, show(blob)))
        : Optional.empty();
  }

  /** Whether a blob that was found right bears git's name for its bytes. */
  private Observation named(Observation found, Path blob) throws IOException {
    String id = GitBlobId.of(paths.locate(blob));
    return blob.endsWith(id)
        ? found
        : wrong(
            found.placement(), "expected a blob named %s, actual: %s".formatted(id, show(blob)));
  }

  /** Looks behind a link. */
  @FunctionalInterface
  private interface Behind {
    Observation look(Path text) throws IOException;
  }

  private Observation behindLink(Placement pointer, Behind behind) {
    try {
      Path path = paths.locate(pointer.path());
      Optional<Stat> stat = Stat.of(path);
      if (stat.isEmpty()) {
        return new Observation(pointer, State.ABSENT, "it is missing");
      }
      if (stat.get().type() != Stat.Type.LINK) {
        return new Observation(
            pointer,
            State.WRONG_TYPE,
            "expected a symbolic link, actual: " + stat.get().type().label());
      }
      return behind.look(Files.readSymbolicLink(path));
    } catch (CannotCreateException e) {
      return new Observation(pointer, State.WRONG_TYPE, e.explanation().happened());
    } catch (AccessDeniedException e) {
      return new Observation(pointer, State.UNKNOWN, "this user may not read it");
    } catch (IOException e) {
      throw failure(e, pointer.path());
    }
  }

  private Observation examine(Placement pointer, Path blob) {
    Observation found = examine(pointer.at(blob));
    return new Observation(pointer, found.state(), found.what(), found.size(), found.sha256());
  }

  private static Path behind(Path pointer, Path text) {
    return pointer.resolveSibling(text).normalize();
  }

  private static String show(Path path) {
    return Printable.of(path.toString(), MOST);
  }

  /** Hashes a file that has no pin of its own, and compares owner and mode. */
  Observation measure(Placement placement) {
    return look(
        placement,
        (path, stat) ->
            metadata(
                placement,
                stat,
                depth == Depth.QUICK
                    ? Optional.empty()
                    : Optional.of(FileDigests.of(path, List.of()).sha256())));
  }

  /** A look at a regular file that exists. */
  @FunctionalInterface
  private interface Look {
    Observation at(Path path, Stat stat) throws IOException;
  }

  private Observation look(Placement placement, Look look) {
    try {
      Path path = paths.locate(placement.path());
      Optional<Stat> stat = Stat.of(path);
      if (stat.isEmpty()) {
        return new Observation(placement, State.ABSENT, "it is missing");
      }
      if (stat.get().type() != Stat.Type.FILE) {
        return new Observation(
            placement, State.WRONG_TYPE, "expected a file, actual: " + stat.get().type().label());
      }
      return look.at(path, stat.get());
    } catch (CannotCreateException e) {
      return new Observation(placement, State.WRONG_TYPE, e.explanation().happened());
    } catch (AccessDeniedException e) {
      return new Observation(placement, State.UNKNOWN, "this user may not read it");
    } catch (IOException e) {
      throw failure(e, placement.path());
    }
  }

  private static Observation bytes(Placement placement, Descriptor pin, Stat stat, Path path)
      throws IOException {
    Digests digests = FileDigests.of(path, pin.others().stream().map(Digest::algorithm).toList());
    if (!digests.sha256().equals(pin.digest())) {
      return wrong(placement, "expected %s, actual %s".formatted(pin.digest(), digests.sha256()));
    }
    for (Digest other : pin.others()) {
      Digest actual = digests.get(other.algorithm());
      if (!other.equals(actual)) {
        return wrong(placement, "expected %s, actual %s".formatted(other, actual));
      }
    }
    return metadata(placement, stat, Optional.of(digests.sha256()));
  }

  private static Observation metadata(Placement placement, Stat stat, Optional<Digest> sha256) {
    if (stat.owner().equals(placement.owner()) && stat.permissions() == placement.mode().bits()) {
      return new Observation(placement, State.PRESENT, "", stat.size(), sha256);
    }
    return new Observation(
        placement,
        State.WRONG_OWNER_OR_MODE,
        "expected owner and mode %s %s, actual %s %04o"
            .formatted(placement.owner(), placement.mode(), stat.owner(), stat.permissions()),
        stat.size(),
        sha256);
  }

  private static Observation wrong(Placement placement, String what) {
    return new Observation(placement, State.WRONG_BYTES, what);
  }

  /** An error of the disk itself says nothing of the file. */
  static BakeException failure(IOException e, Path path) {
    if (e instanceof ClosedByInterruptException) {
      return new InterruptedBakeException("verifying");
    }
    String shown = Printable.of(path.toString(), MOST);
    return new DiskException(
        "reading " + shown,
        shown,
        Printable.of(String.valueOf(e.getMessage()), MOST),
        "look at the disk",
        e);
  }
}
