package dev.modelbake.verify;

import dev.modelbake.digest.GitBlobId;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Printable;
import dev.modelbake.model.Target;
import dev.modelbake.publish.Placement;
import dev.modelbake.publish.Pointer;
import dev.modelbake.publish.Stat;
import dev.modelbake.verify.VerifyOptions.Depth;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Looks at one pointer of a hub cache and at the blob that it names; in one thread.
 *
 * @param placement of the pointer
 */
record CacheExaminer(Examiner examiner, Placement placement) {
  private static final int MOST = 400;
  private static final int GIT_DIGITS = 40;

  /** What the pointer is, then what its blob is; a pointer that names none ends it. */
  List<Observation> examine() {
    Target.Cache cache = placement.cache().orElseThrow();
    Examiner.LinkLook look = examiner.link(placement);
    if (look.text().isEmpty()) {
      return List.of(look.observation());
    }
    String text = look.text().get();
    Optional<Pointer> pointer = Pointer.read(text, placement.path(), cache);
    if (pointer.isEmpty()) {
      return List.of(
          wrong(
              placement,
              "expected a link to a blob of %s, actual: to %s"
                  .formatted(
                      Printable.of(cache.repository().toString(), MOST),
                      Printable.of(text, MOST))));
    }
    Placement blob = placement.at(pointer.get());
    Optional<String> contradiction = contradiction(pointer.get().id(), cache.blobName());
    if (contradiction.isPresent()) {
      return List.of(wrong(placement, contradiction.get()));
    }
    Observation named = named(examiner.examine(blob), pointer.get(), cache);
    return List.of(withBytes(look.observation(), named), withoutBytes(named));
  }

  /** The bytes go by the path that libraries read: the pointer's. */
  private static Observation withBytes(Observation pointer, Observation blob) {
    return blob.state() == State.PRESENT
        ? new Observation(
            pointer.placement(), pointer.state(), pointer.what(), blob.size(), blob.sha256())
        : pointer;
  }

  private static Observation withoutBytes(Observation blob) {
    return new Observation(blob.placement(), blob.state(), blob.what());
  }

  /** What is wrong with a blob's name, as far as it can be told without its bytes. */
  private Optional<String> contradiction(String id, Target.BlobName name) {
    Optional<String> digest = placement.pin().map(Descriptor::digest).map(one -> one.hex());
    return switch (name) {
      case SHA256 ->
          digest
              .filter(hex -> !hex.equals(id))
              .map(hex -> "expected a link to the blob %s, actual: to %s".formatted(hex, id));
      case GIT ->
          Optional.of("expected a link to a blob with git's id as its name, actual: to " + id)
              .filter(text -> id.length() != GIT_DIGITS);
    };
  }

  /** A blob with the right bytes must have git's name for them, where git's name is used. */
  private Observation named(Observation blob, Pointer pointer, Target.Cache cache) {
    boolean right = blob.state() == State.PRESENT || blob.state() == State.WRONG_OWNER_OR_MODE;
    if (!right || cache.blobName() != Target.BlobName.GIT || examiner.depth() == Depth.QUICK) {
      return blob;
    }
    return examiner.look(
        blob.placement(),
        (Path path, Stat stat) -> {
          String id = GitBlobId.of(path);
          return id.equals(pointer.id())
              ? blob
              : wrong(blob.placement(), "git's id of its bytes is " + id + ", not its name");
        });
  }

  private static Observation wrong(Placement placement, String what) {
    return new Observation(placement, State.WRONG_BYTES, what);
  }
}
