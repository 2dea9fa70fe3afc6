package dev.modelbake.unpack;

import static dev.modelbake.unpack.Archives.TEXT;
import static dev.modelbake.unpack.Archives.add;
import static dev.modelbake.unpack.Archives.compressed;
import static dev.modelbake.unpack.Archives.concat;
import static dev.modelbake.unpack.Archives.indexOf;
import static dev.modelbake.unpack.Archives.sha256;
import static dev.modelbake.unpack.Archives.tar;
import static dev.modelbake.unpack.Archives.zip;
import static dev.modelbake.unpack.Workbench.TAR;
import static dev.modelbake.unpack.Workbench.ZIP;
import static dev.modelbake.unpack.Workbench.contents;
import static dev.modelbake.unpack.Workbench.stream;
import static dev.modelbake.unpack.Workbench.tree;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.ArchiveDamagedException;
import dev.modelbake.model.ArchiveRefusedException;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Container;
import dev.modelbake.model.Unpacking.Limits;
import dev.modelbake.model.Unpacking.Links;
import dev.modelbake.model.Unpacking.TreePin;
import dev.modelbake.testing.FaultCase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that lie, hide, overflow or end too soon. */
class HostileArchiveTest {
  @TempDir Path directory;

  private Unpacked unpack(byte[] bytes, Unpacking unpacking) {
    return new Workbench(directory).unpack(bytes, unpacking);
  }

  private static byte[] content(Unpacked unpacked) throws IOException {
    return Files.readAllBytes(unpacked.entries().get(0).blob().path());
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  @FaultCase({73, 74, 77})
  void allMembersOfAStreamComeOutAndNothingElseIsTaken(Compression compression) throws IOException {
    byte[] one = compressed(TEXT, compression);
    assertArrayEquals(TEXT, content(unpack(one, stream(compression))));
    assertArrayEquals(concat(TEXT, TEXT), content(unpack(concat(one, one), stream(compression))));
    byte[] garbage = concat(one, "garbage!".getBytes(StandardCharsets.UTF_8));
    assertThrows(ArchiveDamagedException.class, () -> unpack(garbage, stream(compression)));
    byte[] page = "<html>no</html>".getBytes(StandardCharsets.UTF_8);
    assertThrows(ArchiveDamagedException.class, () -> unpack(page, stream(compression)));
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aStreamCutAnywhereIsDamaged(Compression compression) throws IOException {
    byte[] whole = compressed(TEXT, compression);
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(
          ArchiveDamagedException.class,
          () -> unpack(cut, stream(compression)),
          compression + " cut at " + length);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aBombIsStoppedAtItsBound(Compression compression) throws IOException {
    byte[] bomb = compressed(new byte[8 << 20], compression);
    Limits limits = new Limits(OptionalLong.of(1 << 20), OptionalInt.empty());
    Unpacking unpacking = new Unpacking.Stream(compression, Optional.empty(), List.of(), limits);
    ArchiveRefusedException refused =
        assertThrows(ArchiveRefusedException.class, () -> unpack(bomb, unpacking));
    assertTrue(refused.explanation().remedy().contains("max-size"), refused.toString());
  }

  @Test
  void aDecoderThatWantsTooMuchMemoryIsRefused() throws IOException {
    byte[] xz = compressed(TEXT, Compression.XZ);
    // The dictionary size of the LZMA2 filter is one byte of the block header, at 16; its CRC is
    // made anew.
    xz[16] = 36;
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    int headerLength = (xz[12] + 1) * 4;
    crc.update(xz, 12, headerLength - 4);
    ByteBuffer.wrap(xz)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt(12 + headerLength - 4, (int) crc.getValue());
    ArchiveRefusedException refused =
        assertThrows(ArchiveRefusedException.class, () -> unpack(xz, stream(Compression.XZ)));
    assertTrue(refused.explanation().happened().contains("256 MiB"), refused.toString());
    // a zstd frame whose header asks for a window of 2 GiB
    byte[] zst = HexFormat.of().parseHex("28b52ffd00a8010000");
    assertEquals(
        FailureKind.REFUSED,
        assertThrows(BakeException.class, () -> unpack(zst, stream(Compression.ZST))).kind());
  }

  @Test
  void whatComesOutMustBeWhatIsPinned() throws IOException {
    byte[] gz = compressed(TEXT, Compression.GZ);
    Unpacking wrong =
        new Unpacking.Stream(
            Compression.GZ,
            Optional.of(Descriptor.of(sha256(gz), TEXT.length)),
            List.of(),
            Limits.DEFAULT);
    assertThrows(DigestMismatchException.class, () -> unpack(gz, wrong));
    Unpacking shorter =
        new Unpacking.Stream(
            Compression.GZ,
            Optional.of(Descriptor.of(sha256(TEXT), TEXT.length - 1)),
            List.of(),
            Limits.DEFAULT);
    assertEquals(
        FailureKind.INTEGRITY, assertThrows(BakeException.class, () -> unpack(gz, shorter)).kind());
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void aTarComesOutWhole(Compression compression) throws IOException {
    String deep = "d/" + "long".repeat(40) + ".txt";
    byte[] tar =
        tar(
            out -> {
              out.putArchiveEntry(new TarArchiveEntry("d/empty/"));
              out.closeArchiveEntry();
              add(out, "d/a", "A".getBytes(StandardCharsets.UTF_8));
              add(out, deep, "B".getBytes(StandardCharsets.UTF_8));
            });
    Unpacked unpacked = unpack(compressed(tar, compression), tree(Container.TAR, compression));
    assertEquals(Map.of("d/a", "A", deep, "B"), contents(unpacked));
    assertEquals(List.of("d", "d/empty"), unpacked.directories());
  }

  @Test
  @FaultCase(75)
  void aTarWithoutItsEndMarkerIsDamaged() throws IOException {
    byte[] tar =
        tar(
            out -> {
              add(out, "a", TEXT);
              add(out, "b", TEXT);
            });
    for (int blocks = 1; blocks < 6; blocks++) {
      byte[] cut = Arrays.copyOf(tar, blocks * 512);
      assertThrows(ArchiveDamagedException.class, () -> unpack(cut, TAR), blocks + " blocks");
    }
    byte[] after = concat(tar, TEXT);
    assertThrows(ArchiveDamagedException.class, () -> unpack(after, TAR));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "a/../../x",
        "/etc/passwd",
        "C:\\x",
        "a\\b",
        ".modelbake/x",
        "a\u001b[0m",
        "a\u202eb",
        "a/.MODELBAKE"
      })
  void aNameThatNoFileMayHaveIsRefused(String name) throws IOException {
    byte[] tar = tar(out -> add(out, "ok", TEXT));
    // The writer is kinder than an attacker: the name is put in by hand.
    byte[] raw = name.getBytes(StandardCharsets.UTF_8);
    Arrays.fill(tar, 0, 100, (byte) 0);
    System.arraycopy(raw, 0, tar, 0, raw.length);
    checksum(tar);
    ArchiveRefusedException refused =
        assertThrows(ArchiveRefusedException.class, () -> unpack(tar, TAR));
    assertTrue(refused.toString().indexOf('\u001b') < 0, "the name is printable");
    byte[] plain = zip(out -> add(out, name.replace('\\', '_'), TEXT));
    byte[] zip =
        name.indexOf('\\') < 0
            ? plain
            : new String(plain, StandardCharsets.ISO_8859_1)
                .replace(name.replace('\\', '_'), name)
                .getBytes(StandardCharsets.ISO_8859_1);
    assertThrows(ArchiveRefusedException.class, () -> unpack(zip, ZIP), name);
  }

  private static void checksum(byte[] tar) {
    Arrays.fill(tar, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += tar[i] & 0xff;
    }
    byte[] octal = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(octal, 0, tar, 148, octal.length);
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4", "6", "S", "V", "M"})
  @FaultCase(68)
  void onlyFilesAndDirectoriesComeOutOfATar(char type) throws IOException {
    byte[] tar = tar(out -> add(out, "x", new byte[0]));
    tar[156] = (byte) type;
    System.arraycopy("target".getBytes(StandardCharsets.US_ASCII), 0, tar, 157, 6);
    checksum(tar);
    assertEquals(
        FailureKind.REFUSED, assertThrows(BakeException.class, () -> unpack(tar, TAR)).kind());
  }

  @ParameterizedTest
  @CsvSource({
    "a, b, true",
    "d/a, ../b, true",
    "a, ../b, false",
    "a, /etc/passwd, false",
    "d/a, ../../x, false",
    "a, d/../../x, false"
  })
  @FaultCase(67)
  void internalLinksStayInside(String path, String target, boolean allowed) throws IOException {
    byte[] tar =
        tar(
            out -> {
              add(out, "b", TEXT);
              TarArchiveEntry link = new TarArchiveEntry(path, (byte) '2');
              link.setLinkName(target);
              out.putArchiveEntry(link);
              out.closeArchiveEntry();
            });
    assertThrows(ArchiveRefusedException.class, () -> unpack(tar, TAR), "links are off");
    Unpacking.Tree internal =
        new Unpacking.Tree(
            TAR.archive(), 0, List.of(), new TreePin.Absent(), Links.INTERNAL, Limits.DEFAULT);
    if (allowed) {
      assertEquals(List.of(new Unpacked.Link(path, target)), unpack(tar, internal).links());
    } else {
      assertThrows(ArchiveRefusedException.class, () -> unpack(tar, internal));
    }
  }

  @ParameterizedTest
  @CsvSource({"a, a", "a, A", "d/a, d", "d, d/a", "\u00e9, e\u0301"})
  void namesThatCollideAreRefused(String first, String second) throws IOException {
    byte[] tar =
        tar(
            out -> {
              add(out, first, TEXT);
              add(out, second, TEXT);
            });
    assertThrows(ArchiveRefusedException.class, () -> unpack(tar, TAR));
  }

  @Test
  @FaultCase(84)
  void stripIncludeAndMembersChoose() throws IOException {
    byte[] zip =
        zip(
            out -> {
              add(out, "top/a.onnx", TEXT);
              add(out, "top/sub/b.onnx", TEXT);
              add(out, "top/readme.md", TEXT);
            });
    Unpacking.Tree chosen =
        new Unpacking.Tree(
            ZIP.archive(),
            1,
            List.of("**/*.onnx"),
            new TreePin.Absent(),
            Links.REFUSED,
            Limits.DEFAULT);
    assertEquals(
        List.of("a.onnx", "sub/b.onnx"),
        unpack(zip, chosen).entries().stream().map(Unpacked.Entry::path).toList());
    TreePin members =
        new TreePin.Members(
            List.of(new Unpacking.Member("sub/b.onnx", Descriptor.of(sha256(TEXT), TEXT.length))));
    Unpacking.Tree exact =
        new Unpacking.Tree(ZIP.archive(), 1, List.of(), members, Links.REFUSED, Limits.DEFAULT);
    assertEquals(1, unpack(zip, exact).entries().size());
    TreePin absent =
        new TreePin.Members(
            List.of(new Unpacking.Member("c", Descriptor.of(sha256(TEXT), TEXT.length))));
    Unpacking.Tree missing =
        new Unpacking.Tree(ZIP.archive(), 1, List.of(), absent, Links.REFUSED, Limits.DEFAULT);
    assertThrows(ArchiveDamagedException.class, () -> unpack(zip, missing));
    Unpacking.Tree nothing =
        new Unpacking.Tree(
            ZIP.archive(), 9, List.of(), new TreePin.Absent(), Links.REFUSED, Limits.DEFAULT);
    assertThrows(ArchiveDamagedException.class, () -> unpack(zip, nothing));
  }

  @Test
  void aTreePinnedAsAWholeIsCompared() throws IOException {
    byte[] zip = zip(out -> add(out, "a", TEXT));
    Digest right = sha256((sha256(TEXT).hex() + "  a\n").getBytes(StandardCharsets.UTF_8));
    for (Digest digest : List.of(right, sha256(TEXT))) {
      Unpacking.Tree tree =
          new Unpacking.Tree(
              ZIP.archive(),
              0,
              List.of(),
              new TreePin.Whole(digest, OptionalInt.of(1), OptionalLong.of(TEXT.length)),
              Links.REFUSED,
              Limits.DEFAULT);
      if (digest.equals(right)) {
        assertEquals(1, unpack(zip, tree).entries().size());
      } else {
        assertThrows(ArchiveDamagedException.class, () -> unpack(zip, tree));
      }
    }
  }

  @Test
  void tooManyEntriesAreRefused() throws IOException {
    byte[] zip =
        zip(
            out -> {
              for (int i = 0; i < 11; i++) {
                add(out, "f" + i, TEXT);
              }
            });
    assertThrows(ArchiveRefusedException.class, () -> unpack(zip, few(List.of("f0"))));
  }

  /** They are made too, and a few bytes imply thousands. */
  @Test
  void tooManyImpliedDirectoriesAreRefused() throws IOException {
    byte[] zip = zip(out -> add(out, "d/".repeat(10) + "x", TEXT));
    assertThrows(ArchiveRefusedException.class, () -> unpack(zip, few(List.of())));
    byte[] fewer = zip(out -> add(out, "d/".repeat(9) + "x", TEXT));
    assertEquals(1, unpack(fewer, few(List.of())).entries().size());
  }

  private static Unpacking.Tree few(List<String> include) {
    return new Unpacking.Tree(
        ZIP.archive(),
        0,
        include,
        new TreePin.Absent(),
        Links.REFUSED,
        new Limits(OptionalLong.empty(), OptionalInt.of(10)));
  }

  @Test
  void aZipWhosePartsDisagreeIsRefused() throws IOException {
    byte[] zip = zip(out -> add(out, "file", TEXT));
    byte[] otherName = zip.clone();
    otherName[30] = 'F';
    assertThrows(ArchiveRefusedException.class, () -> unpack(otherName, ZIP));
    byte[] prefix = concat(TEXT, zip);
    assertThrows(BakeException.class, () -> unpack(prefix, ZIP));
    byte[] suffix = concat(zip, TEXT);
    assertThrows(BakeException.class, () -> unpack(suffix, ZIP));
    byte[] twice =
        zip(
            out -> {
              add(out, "file", TEXT);
              add(out, "file", TEXT);
            });
    assertThrows(ArchiveRefusedException.class, () -> unpack(twice, ZIP));
    byte[] hidden =
        zip(
            out -> {
              add(out, "file", TEXT);
              out.setComment("PK\005\006" + "x".repeat(30));
            });
    assertThrows(ArchiveRefusedException.class, () -> unpack(hidden, ZIP));
    byte[] encrypted = zip.clone();
    int directory = indexOf(encrypted, new byte[] {'P', 'K', 1, 2});
    encrypted[directory + 8] |= 1;
    assertThrows(ArchiveRefusedException.class, () -> unpack(encrypted, ZIP));
  }

  @Test
  @FaultCase(85)
  void noBytesWhateverEndInAnythingButOurOwnExceptions() throws IOException {
    long seed = 20_261_120;
    Random random = new Random(seed);
    byte[] tar = tar(out -> add(out, "d/a", TEXT));
    Map<Unpacking, byte[]> valid = new java.util.LinkedHashMap<>();
    valid.put(ZIP, zip(out -> add(out, "d/a", TEXT)));
    for (Compression compression : Compression.values()) {
      valid.put(tree(Container.TAR, compression), compressed(tar, compression));
      if (compression != Compression.NONE) {
        valid.put(stream(compression), compressed(TEXT, compression));
      }
    }
    for (Map.Entry<Unpacking, byte[]> one : valid.entrySet()) {
      for (int round = 0; round < 60; round++) {
        byte[] mutant = one.getValue().clone();
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
        }
        if (random.nextInt(4) == 0) {
          mutant = Arrays.copyOf(mutant, random.nextInt(mutant.length) + 1);
        }
        try {
          unpack(mutant, one.getKey());
        } catch (BakeException e) {
          assertTrue(
              e.kind() == FailureKind.INTEGRITY || e.kind() == FailureKind.REFUSED,
              () -> "seed " + seed + ": " + e);
        }
      }
    }
  }
}
