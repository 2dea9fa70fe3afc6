package dev.modelbake.image;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.modelbake.testing.Program;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The files of a small Debian, made once and kept until {@code mvn clean}. */
final class BaseImage {
  private static final Path TAR = Path.of("target/debian-base.tar").toAbsolutePath();

  private BaseImage() {}

  /** Two test machines may ask at once: one makes it, the other waits. */
  static Path tar() throws IOException {
    Path lock = TAR.resolveSibling("debian-base.lock");
    try (FileChannel one = FileChannel.open(lock, CREATE, WRITE);
        FileLock held = one.lock()) {
      return Files.exists(TAR) && held.isValid() ? TAR : make();
    }
  }

  private static Path make() throws IOException {
    Path work = Files.createTempDirectory(TAR.getParent(), "debootstrap");
    try {
      Path root = work.resolve("root");
      Program.of("debootstrap", "--variant=minbase", "bookworm", root).run().ok();
      // Half of it is of no use here, and is copied at each step of each build.
      Program.of(
              "sh",
              "-ec",
              "cd \"$1\"; rm -rf usr/share/doc usr/share/locale usr/share/man usr/share/info"
                  + " usr/share/i18n usr/share/zoneinfo usr/share/perl5 usr/lib/*/perl*"
                  + " usr/lib/*/gconv var/cache/* var/lib/apt/lists/* var/lib/dpkg",
              "sh",
              root)
          .run()
          .ok();
      Path tar = work.resolve("base.tar");
      Program.of("tar", "-C", root, "--numeric-owner", "-cf", tar, ".").run().ok();
      Files.move(tar, TAR, StandardCopyOption.ATOMIC_MOVE);
      return TAR;
    } finally {
      Program.of("rm", "-rf", work).run().ok();
    }
  }
}
