package dev.modelbake.verify;

import dev.modelbake.digest.Digests;
import dev.modelbake.digest.FileDigests;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Printable;
import dev.modelbake.model.Reason;
import dev.modelbake.publish.Placement;
import dev.modelbake.publish.RootedPaths;
import dev.modelbake.publish.Stat;
import dev.modelbake.verify.VerifyOptions.Depth;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at single files; for use by several threads. */
record Examiner(RootedPaths paths, Depth depth) {
  private static final int MOST = 400;

  /** Compares a file with its pin, owner and mode; in a hub cache, the link to it first. */
  List<Observation> examineAll(Placement placement) {
    return placement.cache().isPresent()
        ? new CacheExaminer(this, placement).examine()
        : List.of(examine(placement));
  }

  /** Compares a regular file with its pin, owner and mode. */
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

  /**
   * What a symbolic link is.
   *
   * @param text what it says; absent when there is no link or it cannot be read
   */
  record LinkLook(Observation observation, Optional<String> text) {}

  /** Looks at a symbolic link and at its owner; what it says is not judged. */
  LinkLook link(Placement placement) {
    List<String> text = new ArrayList<>();
    Observation observation =
        look(
            placement,
            Stat.Type.LINK,
            (path, stat) -> {
              text.add(Files.readSymbolicLink(path).toString());
              return stat.owner().equals(placement.owner())
                  ? new Observation(placement, State.PRESENT, "")
                  : new Observation(
                      placement,
                      State.WRONG_OWNER_OR_MODE,
                      "expected the owner %s, actual %s"
                          .formatted(placement.owner(), stat.owner()));
            });
    return new LinkLook(observation, text.stream().findFirst());
  }

  /** Compares a directory with its owner and mode. */
  Observation directory(Placement placement) {
    return look(
        placement,
        Stat.Type.DIRECTORY,
        (path, stat) -> metadata(placement, stat, Optional.empty()));
  }

  /** A look at something that exists. */
  @FunctionalInterface
  interface Look {
    Observation at(Path path, Stat stat) throws IOException;
  }

  /** Looks at a regular file. */
  Observation look(Placement placement, Look look) {
    return look(placement, Stat.Type.FILE, look);
  }

  private Observation look(Placement placement, Stat.Type type, Look look) {
    try {
      Path path =
          type == Stat.Type.DIRECTORY
              ? paths.locateDirectory(placement.path())
              : paths.locate(placement.path());
      Optional<Stat> stat = Stat.of(path);
      if (stat.isEmpty()) {
        return new Observation(placement, State.ABSENT, "nothing is there");
      }
      if (stat.get().type() != type) {
        return new Observation(
            placement,
            State.WRONG_TYPE,
            "expected %s, actual: %s".formatted(type.label(), stat.get().type().label()));
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
    return new DiskException("reading " + shown, shown, Reason.of(e), "look at the disk", e);
  }
}
