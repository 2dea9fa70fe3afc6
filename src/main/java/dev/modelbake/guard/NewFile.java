package dev.modelbake.guard;

import dev.modelbake.digest.Hasher;
import dev.modelbake.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file that was not there before the command ran, or not with these bytes. */
record NewFile(Path path, Digest sha256, long size) {
  /** Looks at a file; nothing when there is none any more, or nothing in it. */
  static Optional<NewFile> at(Path path) {
    try {
      if (!Files.isRegularFile(path) || Files.size(path) == 0) {
        return Optional.empty();
      }
      return Optional.of(new NewFile(path, Hasher.sha256(path), Files.size(path)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  String name() {
    return String.valueOf(path.getFileName());
  }
}
