package dev.modelbake.unpack;

import static dev.modelbake.unpack.Archives.TEXT;
import static dev.modelbake.unpack.Archives.ascii;
import static dev.modelbake.unpack.Archives.concat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.model.Unpacking;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.unpack.ZipBytes.End;
import dev.modelbake.unpack.ZipBytes.Said;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Zips made byte by byte, whose parts say different things. */
class HostileZipTest {
  private static final Map<String, String> A =
      Map.of("a", new String(TEXT, StandardCharsets.UTF_8));

  @TempDir Path directory;
  private Workbench bench = new Workbench(Path.of(""));

  @BeforeEach
  void begin() {
    bench = new Workbench(directory);
  }

  private String refused(byte[] zip) {
    return bench.refused(zip, Workbench.ZIP);
  }

  /** What a header says stays right. */
  static void right(Said said) {}

  private static ZipBytes zip() {
    return new ZipBytes();
  }

  private Map<String, String> contents(byte[] zip) {
    return Workbench.contents(bench.unpack(zip, Workbench.ZIP));
  }

  @Test
  void aPlainZipOfOursAndOneThatAStreamWroteAreTaken() throws IOException {
    assertEquals(A, contents(zip().file("a", TEXT).end()));
    ByteArrayOutputStream streamed = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(streamed)) {
      out.putNextEntry(new ZipEntry("a"));
      out.write(TEXT);
    }
    assertEquals(A, contents(streamed.toByteArray()));
    byte[] commented = zip().file("a", TEXT).end(end -> end.comment = ascii("hello"), b -> b);
    assertEquals(A, contents(commented));
  }

  static Stream<Named<Consumer<Said>>> lies() {
    return Stream.of(
        Named.of("name", said -> said.name = ascii("b")),
        Named.of("length of the name", said -> said.name = ascii("ab")),
        Named.of("method", said -> said.method = 8),
        Named.of("crc", said -> said.crc ^= 1),
        Named.of("size", said -> said.size++),
        Named.of("packed size", said -> said.packed--),
        Named.of("encrypted", said -> said.flags |= 1),
        Named.of("descriptor", said -> said.flags |= 8),
        Named.of("charset", said -> said.flags ^= 0x800),
        Named.of("masked", said -> said.flags |= 0x2000));
  }

  @ParameterizedTest
  @MethodSource("lies")
  @FaultCase(78)
  void whatOneOfTheTwoHeadersSaysAloneIsRefused(Consumer<Said> lie) {
    refused(zip().entry("a", TEXT, lie, HostileZipTest::right).end());
    bench.failed(zip().entry("a", TEXT, HostileZipTest::right, lie).end(), Workbench.ZIP);
  }

  /** A Unicode path as Info-ZIP writes it, but for its CRC, which not every reader looks at. */
  private static byte[] unicodePath(String name) {
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    byte[] head = {0x75, 0x70, (byte) (5 + path.length), 0, 1, 0, 0, 0, 0};
    return concat(head, path);
  }

  @Test
  @FaultCase(78)
  void aSecondNameInAnExtraFieldIsRefused() {
    Consumer<Said> other = said -> said.extra = unicodePath("../b");
    Consumer<Said> same = said -> said.extra = unicodePath("a");
    refused(zip().entry("a", TEXT, other, HostileZipTest::right).end());
    refused(zip().entry("a", TEXT, HostileZipTest::right, other).end());
    refused(zip().entry("a", TEXT, other, other).end());
    assertEquals(
        1, bench.unpack(zip().entry("a", TEXT, same, same).end(), Workbench.ZIP).entries().size());
  }

  @Test
  @FaultCase(76)
  void whatBothHeadersSayAndTheContentDoesNotIsDamage() {
    Consumer<Said> crc = said -> said.crc ^= 1;
    bench.damaged(zip().entry("a", TEXT, crc, crc).end(), Workbench.ZIP);
    Consumer<Said> method = said -> said.method = 8;
    bench.damaged(zip().entry("a", TEXT, method, method).end(), Workbench.ZIP);
  }

  @Test
  @FaultCase(78)
  void entriesThatLieOverEachOtherAreRefused() {
    // The same bytes twice: a bomb of which nothing is nested.
    ZipBytes zip = zip().file("a", TEXT);
    Said again = new Said("a", TEXT);
    refused(zip.central(again).end());
    Said inside = new Said("b", new byte[0]);
    byte[] hidden = concat(zip().file("b", new byte[0]).end());
    ZipBytes outer = zip().file("a", hidden);
    inside.offset = 31;
    refused(outer.central(inside).end());
  }

  @Test
  @FaultCase(78)
  void anEntryThatTheDirectoryDoesNotNameIsRefused() {
    Said hidden = new Said("hidden", TEXT);
    refused(zip().file("a", TEXT).local(hidden).raw(TEXT).end());
    refused(zip().file("a", TEXT).local(hidden).raw(TEXT).file("b", TEXT).end());
    refused(zip().local(hidden).raw(TEXT).file("b", TEXT).end());
  }

  @Test
  @FaultCase(78)
  void aDescriptorThatIsMissingOrWrongIsRefused() {
    Consumer<Said> streamed = said -> said.flags |= 8;
    Said right = new Said("a", TEXT);
    ByteBuffer descriptor = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    descriptor.putInt(0x08074b50).putInt((int) right.crc).putInt(TEXT.length).putInt(TEXT.length);
    byte[] signed = descriptor.array();
    byte[] bare = java.util.Arrays.copyOfRange(signed, 4, 16);
    assertEquals(A, contents(zip().entry("a", TEXT, streamed, streamed).raw(signed).end()));
    assertEquals(A, contents(zip().entry("a", TEXT, streamed, streamed).raw(bare).end()));
    refused(zip().entry("a", TEXT, streamed, streamed).end());
    refused(zip().entry("a", TEXT, streamed, streamed).raw(new byte[16]).end());
    signed[8]++;
    refused(zip().entry("a", TEXT, streamed, streamed).raw(signed).end());
  }

  static Stream<Named<Consumer<End>>> wrongEnds() {
    return Stream.of(
        Named.of("disk", end -> end.disk = 1),
        Named.of("disk of the directory", end -> end.directoryDisk = 1),
        Named.of("entries here", end -> end.here = 0),
        Named.of("fewer entries", end -> end.entries = end.here = 0),
        Named.of("more entries", end -> end.entries = end.here = 2),
        Named.of("many entries", end -> end.entries = end.here = 0xffff),
        Named.of("size", end -> end.size--),
        Named.of("offset", end -> end.offset--),
        Named.of("huge offset", end -> end.offset = 0xfffffffeL),
        Named.of("huge size", end -> end.size = 0xfffffffeL));
  }

  @ParameterizedTest
  @MethodSource("wrongEnds")
  @FaultCase(78)
  void anEndRecordThatDoesNotFitTheDirectoryIsRefused(Consumer<End> change) {
    refused(zip().file("a", TEXT).end(change, between -> between));
  }

  @Test
  void whatStandsBeforeBetweenOrBehindIsRefused() {
    byte[] zip = zip().file("a", TEXT).end();
    refused(concat(TEXT, zip));
    bench.failed(concat(zip, TEXT), Workbench.ZIP);
    refused(concat(zip, zip));
    // The offsets count what stands before it: a self-extracting program.
    refused(zip().raw(TEXT).file("a", TEXT).end());
    refused(zip().file("a", TEXT).end(end -> {}, between -> TEXT));
    byte[] inner = zip().file("b", TEXT).end();
    refused(zip().file("a", TEXT).end(end -> end.comment = inner, between -> between));
    byte[] cut = java.util.Arrays.copyOf(zip, zip.length - 1);
    bench.failed(cut, Workbench.ZIP);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 10, 14, 18, 19, 93, 94, 95, 96, 97, 98, 99, 65535})
  @FaultCase(83)
  void aMethodThatFewReadersHaveIsRefused(int method) {
    Consumer<Said> both = said -> said.method = method;
    refused(zip().entry("a", TEXT, both, both).end());
  }

  @Test
  @FaultCase(83)
  void anEncryptedEntryAndAPartOfSeveralAreRefused() {
    for (int flags : new int[] {1, 0x41, 0x2001}) {
      Consumer<Said> encrypted = said -> said.flags |= flags;
      refused(zip().entry("a", TEXT, encrypted, encrypted).end());
    }
    refused(zip().entry("a", TEXT, HostileZipTest::right, said -> said.disk = 1).end());
    byte[] first = concat(ascii("PK\7\10"), zip().file("a", TEXT).end());
    refused(first);
  }

  @Test
  void aSmallZipInTheWideFormIsTaken() throws IOException {
    byte[] wide =
        Archives.zip(
            (ZipArchiveOutputStream out) -> {
              out.setUseZip64(Zip64Mode.Always);
              ZipArchiveEntry entry = new ZipArchiveEntry("a");
              out.putArchiveEntry(entry);
              out.write(TEXT);
              out.closeArchiveEntry();
            });
    assertEquals(A, contents(wide));
    byte[] ours = wideZip(ZipBytes.extra(1, TEXT.length, TEXT.length), TEXT.length).end();
    assertEquals(A, contents(ours));
  }

  private static ZipBytes wideZip(byte[] localExtra, long size) {
    return zip()
        .entry(
            "a",
            TEXT,
            said -> {
              said.packed = said.size = 0xffffffffL;
              said.extra = localExtra;
            },
            said -> {
              said.packed = said.size = 0xffffffffL;
              said.extra = ZipBytes.extra(1, size, TEXT.length);
            });
  }

  @Test
  @FaultCase(83)
  void aWideZipThatLiesIsRefused() {
    byte[] right = ZipBytes.extra(1, TEXT.length, TEXT.length);
    bench.failed(wideZip(ZipBytes.extra(1, 1, TEXT.length), TEXT.length).end(), Workbench.ZIP);
    bench.failed(wideZip(ZipBytes.extra(1, TEXT.length, 1), TEXT.length).end(), Workbench.ZIP);
    bench.failed(wideZip(new byte[0], TEXT.length).end(), Workbench.ZIP);
    for (long size : new long[] {0, 1, TEXT.length + 1L, 1L << 40, Long.MAX_VALUE, -1}) {
      bench.failed(wideZip(right, size).end(), Workbench.ZIP);
    }
    int length = zip().file("a", TEXT).end().length - 22;
    long at = length;
    long offset = 31L + TEXT.length;
    byte[] good = ZipBytes.wide(1, length - offset, offset, at);
    assertEquals(A, contents(zip().file("a", TEXT).end(end -> {}, b -> good)));
    for (byte[] bad :
        new byte[][] {
          ZipBytes.wide(2, length - offset, offset, at),
          ZipBytes.wide(1L << 60, length - offset, offset, at),
          ZipBytes.wide(-1, length - offset, offset, at),
          ZipBytes.wide(1, -1, offset, at),
          ZipBytes.wide(1, length - offset, 0, at),
          ZipBytes.wide(1, length - offset, Long.MIN_VALUE, at),
          ZipBytes.wide(1, length - offset, offset, -1),
          ZipBytes.wide(1, length - offset, offset, 0),
          ZipBytes.wide(1, length - offset, offset, Long.MAX_VALUE)
        }) {
      refused(zip().file("a", TEXT).end(end -> {}, b -> bad));
      bench.failed(
          zip()
              .file("a", TEXT)
              .end(
                  end -> {
                    end.entries = end.here = 0xffff;
                    end.size = end.offset = 0xffffffffL;
                  },
                  b -> bad),
          Workbench.ZIP);
    }
  }

  @Test
  void anOffsetThatNoFileHasIsNoCrash() {
    for (long offset : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40}) {
      Consumer<Said> far =
          said -> {
            said.offset = 0xffffffffL;
            said.extra = ZipBytes.extra(1, offset);
          };
      bench.failed(zip().entry("a", TEXT, HostileZipTest::right, far).end(), Workbench.ZIP);
    }
  }

  @Test
  @FaultCase(69)
  void linksDevicesAndModesThatContradictAreRefused() {
    for (int mode : new int[] {0120777, 0010644, 0020644, 0060644, 0140644, 0040755}) {
      refused(
          zip().entry("a", ascii("../x"), HostileZipTest::right, said -> said.mode = mode).end());
    }
    refused(
        zip().entry("d/", new byte[0], HostileZipTest::right, said -> said.mode = 0100644).end());
    refused(zip().file("d/", TEXT).end());
    byte[] leaves =
        zip().entry("a", ascii("../x"), HostileZipTest::right, said -> said.mode = 0120777).end();
    bench.refused(leaves, Workbench.withLinks(Workbench.ZIP));
    byte[] huge =
        zip()
            .entry(
                "a", ascii("x".repeat(1 << 20)), HostileZipTest::right, said -> said.mode = 0120777)
            .end();
    bench.refused(huge, Workbench.withLinks(Workbench.ZIP));
  }

  @Test
  @FaultCase(70)
  void modesThatOnlyOpenTooMuchAreIgnored() {
    byte[] open = zip().entry("a", TEXT, HostileZipTest::right, said -> said.mode = 0106777).end();
    assertEquals(A, contents(open));
  }

  @Test
  @FaultCase(85)
  void aDirectoryOfTooManyEntriesIsRefusedBeforeItIsRead() {
    ZipBytes many = zip().file("a", TEXT);
    for (int i = 0; i < 50; i++) {
      many.central(new Said("a" + i, TEXT));
    }
    Unpacking.Tree few = Workbench.limited(Workbench.ZIP, 1 << 20, 10);
    bench.refused(many.end(), few);
  }
}
