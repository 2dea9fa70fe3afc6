package dev.modelbake.unpack;

import static dev.modelbake.unpack.Archives.TEXT;
import static dev.modelbake.unpack.Archives.ascii;
import static dev.modelbake.unpack.Archives.compressing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Compression;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Container;
import dev.modelbake.model.Unpacking.Limits;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Program;
import dev.modelbake.unpack.TarBytes.Header;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small archives of which much would come out, or which ask for much memory. */
class BombTest {
  private static final int MIB = 1 << 20;
  private static final long BOUND = 2 * MIB;

  @TempDir Path directory;
  private Workbench bench = new Workbench(Path.of(""));

  @BeforeEach
  void begin() {
    bench = new Workbench(directory);
  }

  private static void zeros(OutputStream out, int mebibytes) throws IOException {
    byte[] zeros = new byte[MIB];
    for (int i = 0; i < mebibytes; i++) {
      out.write(zeros);
    }
  }

  private static byte[] packed(Compression compression, Archives.Writer<OutputStream> writer)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = compressing(bytes, compression)) {
      writer.write(out);
    }
    return bytes.toByteArray();
  }

  /** Refused, and nothing is left on the disk, not even the archive. */
  private void stops(byte[] bomb, Unpacking unpacking) throws IOException {
    Workbench own = new Workbench(Files.createTempDirectory(directory, "own"));
    String reason = own.refused(bomb, unpacking);
    assertTrue(reason.contains("bytes come out of it"), reason);
    assertEquals(0, own.written());
  }

  private static Unpacking.Tree bounded(Container container, Compression compression) {
    return Workbench.limited(Workbench.tree(container, compression), BOUND, 200);
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  @FaultCase(71)
  void aStreamIsStoppedAtItsBound(Compression compression) throws IOException {
    Limits limits = new Limits(OptionalLong.of(BOUND), OptionalInt.empty());
    Unpacking stream = new Unpacking.Stream(compression, Optional.empty(), List.of(), limits);
    stops(packed(compression, out -> zeros(out, 16)), stream);
    byte[] members = packed(compression, out -> zeros(out, 1));
    stops(Archives.concat(members, members, members), stream);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  @FaultCase(71)
  void aTarIsStoppedAtItsBoundWhereverTheBombIs(Compression compression) throws IOException {
    byte[] bomb =
        packed(
            compression,
            out -> {
              out.write(new Header("bomb", '0', 16 * MIB).bytes());
              zeros(out, 16);
              out.write(new TarBytes().file("small", TEXT).end());
            });
    stops(bomb, bounded(Container.TAR, compression));
    // Also when it is left out.
    stops(bomb, Workbench.including(bounded(Container.TAR, compression), "small"));
    byte[] many =
        packed(
            compression,
            out -> {
              for (int i = 0; i < 40; i++) {
                out.write(new Header("part" + i, '0', MIB / 8).bytes());
                out.write(new byte[MIB / 8]);
              }
              out.write(new byte[1024]);
            });
    stops(many, bounded(Container.TAR, compression));
  }

  @Test
  @FaultCase(71)
  void aZipIsStoppedAtItsBoundWhateverItDeclares() throws IOException {
    byte[] deflated = zip(ZipArchiveOutputStream.DEFLATED);
    stops(deflated, bounded(Container.ZIP, Compression.NONE));
    stops(deflated, Workbench.including(bounded(Container.ZIP, Compression.NONE), "small"));
    // A terabyte is declared, a few bytes are there.
    byte[] declared =
        new ZipBytes().entry("a", TEXT, s -> s.size = 0xfffffffeL, s -> s.size = 0xfffffffeL).end();
    bench.failed(declared, bounded(Container.ZIP, Compression.NONE));
  }

  private static byte[] zip(int method) throws IOException {
    return Archives.zip(
        out -> {
          out.setMethod(method);
          out.putArchiveEntry(new ZipArchiveEntry("bomb"));
          zeros(out, 16);
          out.closeArchiveEntry();
          Archives.add(out, "small", TEXT);
        });
  }

  @Test
  void aTarThatDeclaresMoreThanIsThereIsDamaged() {
    for (long size : new long[] {TEXT.length + 512, 1L << 32}) {
      byte[] tar = new TarBytes().header(new Header("a", '0', size)).content(TEXT).end();
      bench.damaged(tar, bounded(Container.TAR, Compression.NONE));
    }
  }

  @Test
  @FaultCase(71)
  void manyTinyFilesAreStoppedAtTheirNumber() throws IOException {
    TarBytes tar = new TarBytes();
    ZipBytes zip = new ZipBytes();
    for (int i = 0; i < 600; i++) {
      tar.file("f" + i, new byte[0]);
      zip.file("f" + i, new byte[0]);
    }
    for (Compression compression : Compression.values()) {
      byte[] packed = Archives.compressed(tar.end(), compression);
      String reason = bench.refused(packed, bounded(Container.TAR, compression));
      assertTrue(reason.contains("200 entries"), reason);
    }
    bench.refused(zip.end(), bounded(Container.ZIP, Compression.NONE));
  }

  @Test
  void aBombInABombIsOnlyAFile() throws IOException {
    byte[] inner = packed(Compression.GZ, out -> zeros(out, 16));
    byte[] outer = Archives.compressed(new TarBytes().file("b.gz", inner).end(), Compression.GZ);
    Unpacked unpacked = bench.unpack(outer, bounded(Container.TAR, Compression.GZ));
    assertEquals(inner.length, unpacked.entries().get(0).blob().size());
  }

  /** An xz whose dictionary, by its header, is this many bytes: 2 or 3 times a power of two. */
  private static byte[] xzWithDictionary(int code) throws IOException {
    byte[] xz = Archives.compressed(TEXT, Compression.XZ);
    xz[16] = (byte) code;
    CRC32 crc = new CRC32();
    int length = (xz[12] + 1) * 4;
    crc.update(xz, 12, length - 4);
    ByteBuffer.wrap(xz).order(ByteOrder.LITTLE_ENDIAN).putInt(8 + length, (int) crc.getValue());
    return xz;
  }

  /** A gzip member whose name does not end. */
  private static byte[] gzWithName(int length) {
    byte[] head = HexFormat.of().parseHex("1f8b0808000000000003");
    return Archives.concat(head, ascii("n".repeat(length)));
  }

  @Test
  @FaultCase(72)
  void whatAsksForMemoryIsRefusedInASmallOne() throws IOException {
    Path bombs = Files.createDirectory(directory.resolve("bombs"));
    byte[] nested = new TarBytes().pax('x', "path=" + "a/".repeat(2000) + "f").end();
    write(bombs, "dictionary-3g.xz", xzWithDictionary(37));
    write(bombs, "dictionary-1.5g.xz", xzWithDictionary(35));
    write(bombs, "window-2g.zst", HexFormat.of().parseHex("28b52ffd00a8010000"));
    write(bombs, "window-max.zst", HexFormat.of().parseHex("28b52ffd00ff010000"));
    write(bombs, "name.gz", gzWithName(100 * MIB));
    write(bombs, "zeros.zst", packed(Compression.ZST, out -> zeros(out, 128)));
    for (char type : new char[] {'L', 'x'}) {
      write(
          bombs,
          "header-" + type + ".tar.zst",
          packed(
              Compression.ZST,
              out -> {
                out.write(new Header("e", type, 1L << 30).bytes());
                zeros(out, 128);
              }));
    }
    write(
        bombs,
        "names.tar.zst",
        packed(
            Compression.ZST,
            out -> {
              for (int i = 0; i < 5_000; i++) {
                byte[] path = TarBytes.records("path=" + i + nested.length + "/a".repeat(1500));
                out.write(new Header("e", 'x', path.length).bytes());
                out.write(path);
                out.write(new byte[(512 - path.length % 512) % 512]);
                out.write(new Header("f", '5', 0).bytes());
              }
            }));
    write(
        bombs,
        "left-out.tar.zst",
        packed(
            Compression.ZST,
            out -> {
              out.write(new Header("bomb", '0', 1L << 30).bytes());
              zeros(out, 128);
            }));
    zipOfManyNames(bombs.resolve("names.zip"));
    Program.Ended ended =
        Program.of(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                "-Xmx48m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                SmallMemory.class.getName(),
                bombs)
            .run();
    assertEquals(0, ended.exit(), ended::toString);
    assertEquals(11, ended.out().lines().count(), ended::toString);
    ended.out().lines().forEach(line -> assertTrue(line.endsWith(" fine"), ended::toString));
  }

  private static void write(Path bombs, String name, byte[] bytes) throws IOException {
    Files.write(bombs.resolve(name), bytes);
  }

  /** A directory of very many entries of one byte each, all at one place. */
  private static void zipOfManyNames(Path file) throws IOException {
    byte[] one = new ZipBytes().file("a".repeat(60), new byte[1]).end();
    int local = 30 + 60 + 1;
    byte[] entry = Arrays.copyOfRange(one, local, one.length - 22);
    int number = 300_000;
    long size = (long) entry.length * number;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(one, 0, local);
      for (int i = 0; i < number; i++) {
        out.write(entry);
      }
      out.write(ZipBytes.wide(number, size, local, local + size));
      byte[] end = Arrays.copyOfRange(one, one.length - 22, one.length);
      ByteBuffer.wrap(end)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putShort(8, (short) 0xffff)
          .putShort(10, (short) 0xffff)
          .putInt(12, (int) size);
      out.write(end);
    }
  }
}
