package dev.modelbake.store;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Who may read what is not proven yet: its owner alone, where files have owners and modes. */
final class Privacy {
  private Privacy() {}

  /** For a new file at a place, whatever the umask. */
  static FileAttribute<?>[] at(Path place) {
    return place.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
