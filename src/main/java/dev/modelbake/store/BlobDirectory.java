package dev.modelbake.store;

import dev.modelbake.model.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where partials and blobs are. */
interface BlobDirectory {
  /** Whether a blob must survive a loss of power from the moment it has its name. */
  enum Durability {
    /** Whoever publishes it syncs it. */
    LATER,
    SYNCED
  }

  /** The directory as a whole. */
  Path root();

  Durability durability();

  /** The place of a new partial. */
  Path partial(Digest digest, String token);

  /** The partials of a digest, of all runs. */
  Stream<Path> partials(Digest digest) throws IOException;

  /** Gives a proven, closed file its name as a blob. */
  Path keep(Path partial, Digest digest, String token) throws IOException;

  /** What is there under the name of this digest. */
  Stream<Path> find(Digest digest) throws IOException;
}
