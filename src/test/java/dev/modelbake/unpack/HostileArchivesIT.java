package dev.modelbake.unpack;

import static dev.modelbake.unpack.Archives.TEXT;
import static dev.modelbake.unpack.Archives.compressed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.modelbake.model.Compression;
import dev.modelbake.testing.DiskPicture;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Program.Ended;
import dev.modelbake.unpack.TarBytes.Header;
import dev.modelbake.whole.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile archives through the launcher: the right code, and a disk as it was. */
class HostileArchivesIT {
  @TempDir Path directory;

  /** An archive, what the manifest says of it, and the code it must end with. */
  @SuppressWarnings("ArrayRecordComponent")
  record Hostile(byte[] bytes, String unpack, int exit) {}

  static Stream<Named<Hostile>> archives() throws IOException {
    byte[] good = new TarBytes().file("a", TEXT).file("b", TEXT).end();
    byte[] leaving = new TarBytes().file("a", TEXT).file("../../escaped", TEXT).end();
    byte[] link = new TarBytes().link("l", '2', "/etc").file("l/x", TEXT).end();
    byte[] two = new TarBytes().pax('x', "size=1024").file("a", TEXT).content(new byte[1024]).end();
    byte[] zeros = new byte[64 << 20];
    byte[] bomb = compressed(zeros, Compression.ZST);
    byte[] tarBomb =
        compressed(
            Archives.concat(new Header("a", '0', zeros.length).bytes(), zeros, new byte[1024]),
            Compression.GZ);
    byte[] xz = compressed(good, Compression.XZ);
    byte[] hidden = new ZipBytes().file("a", TEXT).raw(new ZipBytes().file("b", TEXT).end()).end();
    return Stream.of(
        Named.of("a name that leaves", new Hostile(leaving, "unpack: tar", 79)),
        Named.of("a link", new Hostile(link, "unpack: tar, links: internal", 79)),
        Named.of("two sizes", new Hostile(two, "unpack: tar", 79)),
        Named.of("a hidden entry", new Hostile(hidden, "unpack: zip", 79)),
        Named.of("a bomb", new Hostile(bomb, "unpack: zst, max-size: 8MiB", 79)),
        Named.of("a bomb in a tar", new Hostile(tarBomb, "unpack: tar.gz, max-size: 8MiB", 79)),
        Named.of("many", new Hostile(good, "unpack: tar, max-files: 1", 79)),
        Named.of("cut", new Hostile(Arrays.copyOf(xz, xz.length - 9), "unpack: tar.xz", 65)),
        Named.of("cut between", new Hostile(Arrays.copyOf(good, 1024), "unpack: tar", 65)),
        Named.of("another form", new Hostile(good, "unpack: zip", 65)));
  }

  private Ended bake(Path work, byte[] bytes, String unpack) throws IOException {
    Files.write(work.resolve("archive"), bytes);
    Files.writeString(
        work.resolve("models.yaml"),
        """
        schema: modelbake/1
        owner: self
        models:
          - name: m
            dir: %s
            files:
              - {url: "file:archive", path: tree, sha256: %s, size: %d, %s}
        """
            .formatted(
                work.resolve("image/out"), Archives.sha256(bytes).hex(), bytes.length, unpack));
    return Launcher.in(work, "bake").run();
  }

  @ParameterizedTest
  @MethodSource("archives")
  @FaultCase(66)
  void nothingOfAHostileArchiveIsLeft(Hostile hostile) throws IOException {
    Path image = Files.createDirectories(directory.resolve("image"));
    Files.writeString(image.resolve("before"), "stands");
    String before = DiskPicture.of(image);
    Ended ended = bake(directory, hostile.bytes(), hostile.unpack());
    assertEquals(hostile.exit(), ended.exit(), ended::toString);
    assertEquals(before, DiskPicture.of(image), ended::toString);
    assertEquals("archive\nimage\nimage/before\nmodels.yaml", DiskPicture.names(directory));
    assertFalse(ended.all().contains("\u001b"), ended::toString);
  }

  @Test
  @FaultCase(70)
  void modesAndOwnersOfAnArchiveDoNotReachTheDisk() throws IOException {
    Header file = new Header("a", '0', TEXT.length).put(100, "0006777\0").put(108, "0001750\0");
    Header open = new Header("d/", '5', 0).put(100, "0001777\0");
    byte[] tar = new TarBytes().header(open).header(file).content(TEXT).file("d/b", TEXT).end();
    Files.createDirectories(directory.resolve("image"));
    bake(directory, tar, "unpack: tar").ok();
    Path tree = directory.resolve("image/out/tree");
    for (String path : List.of("a", "d/b")) {
      assertEquals("rw-r--r--", mode(tree.resolve(path)));
      assertEquals(Files.getOwner(directory), Files.getOwner(tree.resolve(path)));
    }
    assertEquals("rwxr-xr-x", mode(tree.resolve("d")));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
