package dev.modelbake.unpack;

import static dev.modelbake.unpack.Archives.TEXT;
import static dev.modelbake.unpack.Archives.ascii;
import static dev.modelbake.unpack.Archives.compressing;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.Compression;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Container;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.unpack.TarBytes.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tars made byte by byte, which readers could understand in different ways. */
class HostileTarTest {
  private static final Unpacking.Tree LINKS = Workbench.withLinks(Workbench.TAR);

  @TempDir Path directory;
  private Workbench bench = new Workbench(Path.of(""));

  @BeforeEach
  void begin() {
    bench = new Workbench(directory);
  }

  private String refused(byte[] tar) {
    return bench.refused(tar, Workbench.TAR);
  }

  private static TarBytes tar() {
    return new TarBytes();
  }

  @Test
  void goodExtendedHeadersAreUnderstood() {
    String deep = "d/".repeat(60) + "file";
    byte[] tar =
        tar()
            .pax('g', "comment=0123456789abcdef")
            .pax('x', "path=" + deep, "size=31", "mtime=1.5", "uid=7")
            .entry("short", '0', TEXT)
            .entry("././@LongLink", 'L', ascii("long".repeat(50) + "\0"))
            .file("long", TEXT)
            .end();
    assertEquals(
        Map.of(deep, new String(TEXT, US_ASCII), "long".repeat(50), new String(TEXT, US_ASCII)),
        Workbench.contents(bench.unpack(tar, Workbench.TAR)));
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "30", "32", "512", "1024", "1536"})
  @FaultCase(79)
  void aPaxSizeThatIsNotThatOfTheHeaderIsRefused(int size) {
    byte[] inner = tar().file("smuggled", TEXT).end();
    refused(tar().pax('x', "size=" + size).entry("a", '0', TEXT).content(inner).end());
    refused(tar().pax('g', "size=" + size).entry("a", '0', TEXT).content(inner).end());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "99999999999999999999", "0x10", "1e3"})
  @FaultCase(79)
  void aPaxSizeThatIsNoneIsRefused(String size) {
    refused(tar().pax('x', "size=" + size).entry("a", '0', TEXT).end());
    refused(tar().pax('g', "size=" + size).entry("a", '0', TEXT).end());
  }

  @Test
  @FaultCase(79)
  void aPaxSizeOverAnEmptyOrBinaryFieldIsRefusedToo() {
    Header empty = new Header("a", '0', 0).put(124, 12, new byte[0]);
    refused(tar().pax('x', "size=512").header(empty).content(new byte[512]).end());
    byte[] binary = {(byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    Header gnu = new Header("a", '0', 0).put(124, 12, binary);
    refused(tar().pax('x', "size=512").header(gnu).content(new byte[512]).end());
    assertEquals(
        1,
        bench.unpack(tar().header(gnu).content(ascii("x")).end(), Workbench.TAR).entries().size());
  }

  @ParameterizedTest
  @ValueSource(chars = {'x', 'L', 'K', 'g'})
  @FaultCase(79)
  void aSizeMeantForAnExtendedHeaderMovesNoReader(char second) {
    // Some readers give the size to the next header, whatever it is: behind it they see others.
    byte[] name = second == 'x' || second == 'g' ? TarBytes.records("path=b") : ascii("b\0");
    byte[] inner = tar().file("smuggled", TEXT).end();
    refused(
        tar()
            .pax('x', "size=1024")
            .entry("extended", second, name)
            .entry("a", '0', TEXT)
            .content(inner)
            .end());
  }

  @ParameterizedTest
  @ValueSource(chars = {'x', 'L', 'K'})
  @FaultCase(79)
  void twoExtendedHeadersOfOneSortAreRefused(char type) {
    byte[] one = type == 'x' ? TarBytes.records("path=b") : ascii("b\0");
    byte[] two = type == 'x' ? TarBytes.records("path=c") : ascii("c\0");
    refused(tar().entry("e", type, one).entry("e", type, two).file("a", TEXT).end());
  }

  @ParameterizedTest
  @ValueSource(chars = {'x', 'g', 'L', 'K'})
  @FaultCase(85)
  void extendedHeadersWithoutEndAreRefusedBeforeTheyPileUp(char type) {
    byte[] text = type == 'x' || type == 'g' ? TarBytes.records("comment=b") : ascii("b\0");
    TarBytes many = tar();
    for (int i = 0; i < 20_000; i++) {
      many.entry("e", type, text);
    }
    refused(many.file("a", TEXT).end());
  }

  @ParameterizedTest
  @ValueSource(chars = {'x', 'g', 'L', 'K'})
  @FaultCase(72)
  void anExtendedHeaderOfAGigabyteIsRefusedBeforeItIsRead(char type) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = compressing(bytes, Compression.ZST)) {
      out.write(new Header("e", type, 1 << 30).bytes());
      byte[] part = ascii("a".repeat(1 << 20));
      for (int i = 0; i < 1 << 10; i++) {
        out.write(part);
      }
    }
    bench.refused(bytes.toByteArray(), Workbench.tree(Container.TAR, Compression.ZST));
  }

  @Test
  void globalHeadersDoNotPileUpOverTheEntries() {
    TarBytes many = tar();
    for (int i = 0; i < 200; i++) {
      many.pax('g', "key" + i + "=" + "v".repeat(10_000)).file("f" + i, TEXT);
    }
    refused(many.end());
  }

  @ParameterizedTest
  @ValueSource(chars = {'5', '2'})
  void whatIsNoFileHasNoContent(char type) {
    byte[] content = tar().file("smuggled", TEXT).end();
    bench.refused(
        tar().header(new Header("d", type, content.length).linkTo("x")).content(content).end(),
        LINKS);
  }

  @Test
  void aSizeOfNoSenseIsNoCrash() {
    for (String size : List.of("77777777777", "-0000000001", "abc", "00000000008", "1 2")) {
      Header header = new Header("a", '0', 0).put(124, 12, ascii(size));
      bench.damaged(tar().header(header).end(), Workbench.TAR);
    }
    for (String size : List.of("-1", "99999999999999999999", "x", "9223372036854775807")) {
      byte[] tar = tar().pax('x', "size=" + size).file("a", TEXT).end();
      try {
        bench.unpack(tar, Workbench.TAR);
        throw new AssertionError("size=" + size);
      } catch (BakeException e) {
        assertTrue(
            e.kind() == FailureKind.INTEGRITY || e.kind() == FailureKind.REFUSED, e::toString);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1,target", // a hard link inside
    "1,../outside",
    "1,/etc/passwd",
    "1,later", // before what it means
    "3,",
    "4,",
    "6,", // devices and a FIFO
    "s,", // sockets have no type of their own
    "V,",
    "M,",
    "D,",
    "N,",
    "A,",
    "Z,"
  })
  @FaultCase({68, 69})
  void whatIsNeitherFileNorDirectoryIsRefusedAlsoWithLinksAllowed(char type, String target) {
    byte[] tar = tar().file("target", TEXT).link("x", type, target == null ? "" : target).end();
    bench.refused(tar, LINKS);
  }

  @Test
  @FaultCase(69)
  void sparseFilesOfEveryFormAreRefused() {
    refused(tar().entry("a", 'S', TEXT).end());
    refused(
        tar()
            .pax(
                'x',
                "GNU.sparse.major=1",
                "GNU.sparse.minor=0",
                "GNU.sparse.name=b",
                "GNU.sparse.realsize=1048576")
            .file("GNUSparseFile.0/b", ascii("1\n0\n1\n"))
            .end());
    refused(
        tar()
            .pax(
                'x',
                "GNU.sparse.size=1048576",
                "GNU.sparse.numblocks=1",
                "GNU.sparse.offset=0",
                "GNU.sparse.numbytes=31")
            .file("b", TEXT)
            .end());
    refused(
        tar()
            .pax('x', "GNU.sparse.size=1048576", "GNU.sparse.map=0,31", "GNU.sparse.numblocks=1")
            .file("b", TEXT)
            .end());
  }

  @Test
  @FaultCase(67)
  void aFileThroughALinkIsRefused() {
    bench.refused(tar().link("l", '2', "d").file("l/x", TEXT).end(), LINKS);
    bench.refused(tar().file("l/x", TEXT).link("l", '2', "d").end(), LINKS);
    bench.refused(tar().link("l", '2', "d").entry("l/", '5', new byte[0]).end(), LINKS);
    bench.refused(tar().entry("l/", '5', new byte[0]).link("l", '2', "d").end(), LINKS);
    bench.refused(tar().link("l", '2', "d").link("l", '2', "e").end(), LINKS);
    bench.refused(tar().link("l", '2', "d").file("l", TEXT).end(), LINKS);
    bench.refused(tar().link("l", '2', "d").file("L/x", TEXT).end(), LINKS);
  }

  @Test
  @FaultCase(67)
  void linksThatLeaveTogetherAreRefused() {
    // Each stays inside by its name; one after the other they lead out.
    bench.refused(
        tar().file("d/e/f", TEXT).link("l", '2', "d/e").link("m", '2', "l/../../x").end(), LINKS);
    bench.refused(tar().link("d/up", '2', "..").link("x", '2', "d/up/../etc/passwd").end(), LINKS);
    bench.refused(tar().link("x", '2', "d/up/../etc").link("d/up", '2', "..").end(), LINKS);
  }

  @Test
  @FaultCase(67)
  void aLongChainOfLinksIsNeverFollowed() {
    TarBytes chain = tar().file("end", TEXT);
    for (int i = 0; i < 5000; i++) {
      chain.link("l" + i, '2', i == 0 ? "end" : "l" + (i - 1));
    }
    assertEquals(5000, bench.unpack(chain.end(), LINKS).links().size());
    String deep = "a/".repeat(3000);
    byte[] tooLong = tar().file("end", TEXT).pax('x', "linkpath=" + deep).link("l", '2', "x").end();
    bench.refused(tooLong, LINKS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "a\u001b[0m", "a\u202eb", "a\nb", "a\\b", "/a", ""})
  void aTargetThatNoLinkMayHaveIsRefused(String target) {
    byte[] tar = tar().file("f", TEXT).pax('x', "linkpath=" + target).link("l", '2', "").end();
    bench.refused(tar, LINKS);
  }

  @Test
  @FaultCase(70)
  void modesOwnersAndTimesOfTheArchiveAreIgnored() throws IOException {
    Header file =
        new Header("a", '0', TEXT.length)
            .put(100, "0006777\0")
            .put(108, "0001750\0")
            .put(116, "0001750\0")
            .put(136, "77777777777\0");
    Header open = new Header("d/", '5', 0).put(100, "0001777\0");
    byte[] tar =
        tar()
            .pax('x', "uid=4294967295", "gid=1", "mtime=-1", "SCHILY.xattr.user.x=1")
            .header(file)
            .content(TEXT)
            .header(open)
            .end();
    Unpacked unpacked = bench.unpack(tar, Workbench.TAR);
    assertEquals(List.of("d"), unpacked.directories());
    Path path = unpacked.entries().get(0).blob().path();
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    assertEquals(Files.getOwner(directory), Files.getOwner(path));
  }

  @Test
  void bytesBehindTheEndAreNotWaitedForWithoutBound() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = compressing(bytes, Compression.ZST)) {
      out.write(tar().file("a", TEXT).end());
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        out.write(zeros);
      }
    }
    bench.refused(bytes.toByteArray(), Workbench.tree(Container.TAR, Compression.ZST));
  }
}
