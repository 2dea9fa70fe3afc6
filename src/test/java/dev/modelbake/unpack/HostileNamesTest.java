package dev.modelbake.unpack;

import static dev.modelbake.unpack.Archives.TEXT;
import static dev.modelbake.unpack.Archives.ascii;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.model.Compression;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Container;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.unpack.TarBytes.Header;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that no file may have, in the old field, in extended headers and in a zip. */
class HostileNamesTest {
  @TempDir Path directory;
  private Workbench bench = new Workbench(Path.of(""));

  @BeforeEach
  void begin() {
    bench = new Workbench(directory);
  }

  static Stream<Named<String>> names() {
    return Stream.of(
            "..",
            "../x",
            "a/..",
            "a/../x",
            "a/../../x",
            "./../x",
            "/",
            "/etc/passwd",
            "//etc/passwd",
            "//server/share",
            "C:",
            "C:x",
            "C:/x",
            "c:\\x",
            "a\\b",
            "..\\x",
            "\\\\?\\C:\\x",
            "a\u0000b",
            "a\nb",
            "a\rb",
            "a\tb",
            "a\u007fb",
            "a\u0085b",
            "a\u001b[2Jb",
            "a\u001b]0;title\u0007b",
            "a\u202egnp.exe",
            "a\u2066b",
            "a\u200bb",
            "a\u2028b",
            "\ufeffa",
            "a\ufffdb",
            ".modelbake",
            ".modelbake/x",
            "a/.ModelBake/x",
            "n".repeat(256),
            "d/" + "é".repeat(128),
            "p/".repeat(100) + "x",
            "p/".repeat(2048) + "x")
        .map(name -> Named.of(name.length() > 40 ? name.substring(0, 40) : name, name))
        .map(name -> Named.of(name.getName().replaceAll("\\p{C}", "?"), name.getPayload()));
  }

  @ParameterizedTest
  @MethodSource("names")
  @FaultCase({66, 81, 82})
  void aNameThatNoFileMayHaveIsRefusedWhereverItStands(String name) {
    byte[] raw = name.getBytes(StandardCharsets.UTF_8);
    if (raw.length <= 100 && name.indexOf('\0') < 0) {
      bench.refused(
          new TarBytes().header(new Header(raw, '0', TEXT.length)).content(TEXT).end(),
          Workbench.TAR);
    }
    bench.refused(new TarBytes().pax('x', "path=" + name).file("ok", TEXT).end(), Workbench.TAR);
    if (name.indexOf('\0') < 0) {
      byte[] gnu =
          new TarBytes()
              .entry("././@LongLink", 'L', Archives.concat(raw, new byte[1]))
              .file("ok", TEXT)
              .end();
      bench.refused(gnu, Workbench.TAR);
    }
    bench.refused(zip(raw), Workbench.ZIP);
    // What is left out is looked at all the same.
    bench.refused(zip(raw), Workbench.including(Workbench.ZIP, "ok"));
    byte[] directoryOf = (name + "/").getBytes(StandardCharsets.UTF_8);
    bench.refused(
        new ZipBytes()
            .entry("ok", new byte[0], s -> s.name = directoryOf, s -> s.name = directoryOf)
            .end(),
        Workbench.ZIP);
  }

  private static byte[] zip(byte[] name) {
    return new ZipBytes().entry("x", TEXT, s -> s.name = name, s -> s.name = name).end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ff", "c0ae c0ae 2f", "e2 82", "ed a0 80", "61 80 62", "f4 90 80 80", "82"})
  @FaultCase(82)
  void aNameThatIsNotUtf8IsRefused(String hex) {
    byte[] raw = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
    bench.refused(
        new TarBytes().header(new Header(raw, '0', TEXT.length)).content(TEXT).end(),
        Workbench.TAR);
    bench.refused(zip(raw), Workbench.ZIP);
    byte[] old =
        new ZipBytes()
            .entry(
                "x",
                TEXT,
                s -> {
                  s.name = raw;
                  s.flags = 0;
                },
                s -> {
                  s.name = raw;
                  s.flags = 0;
                })
            .end();
    bench.refused(old, Workbench.ZIP);
  }

  @Test
  @FaultCase(66)
  void anEmptyNameIsRefused() {
    bench.refused(new TarBytes().file("", TEXT).end(), Workbench.TAR);
    bench.refused(new TarBytes().file(".", TEXT).end(), Workbench.TAR);
    bench.refused(new TarBytes().file("./", TEXT).end(), Workbench.TAR);
    bench.refused(zip(new byte[0]), Workbench.ZIP);
    bench.refused(zip(ascii(".")), Workbench.ZIP);
  }

  @Test
  void theLongestNamesThatADiskTakesAreTaken() {
    String longest = "n".repeat(255);
    byte[] tar = new TarBytes().pax('x', "path=" + longest).file("ok", TEXT).end();
    assertEquals(longest, bench.unpack(tar, Workbench.TAR).entries().get(0).path());
    String path = ("n".repeat(255) + "/").repeat(15) + "n".repeat(255);
    byte[] deep = new TarBytes().pax('x', "path=" + path).file("ok", TEXT).end();
    assertEquals(path, bench.unpack(deep, Workbench.TAR).entries().get(0).path());
  }

  @ParameterizedTest
  @CsvSource({
    "a, a",
    "a, ./a",
    "a, .//a",
    "d/a, d//a",
    "a, A",
    "d/a, D/b",
    "D/a, d",
    "d, d/a",
    "d/a, d",
    "d/e/a, d/e",
    "\u00e9, e\u0301",
    "\u00c9, e\u0301",
    "stra\u00dfe, STRASSE",
    "\u03c3, \u03c2",
    "\ufb01, FI",
    "\u212b, \u00e5",
    "\u0130, i\u0307",
    "\u01f0, J\u030c",
    "\u1e9e, ss"
  })
  @FaultCase(80)
  void namesThatAreOneOnSomeDiskAreRefused(String first, String second) {
    bench.refused(new TarBytes().file(first, TEXT).file(second, TEXT).end(), Workbench.TAR);
    byte[] one = first.getBytes(StandardCharsets.UTF_8);
    byte[] two = second.getBytes(StandardCharsets.UTF_8);
    bench.refused(
        new ZipBytes()
            .entry("x", TEXT, s -> s.name = one, s -> s.name = one)
            .entry("y", TEXT, s -> s.name = two, s -> s.name = two)
            .end(),
        Workbench.ZIP);
  }

  @Test
  @FaultCase(80)
  void aFileAndADirectoryOfOneNameAreRefusedInAnyOrder() {
    byte[] none = new byte[0];
    bench.refused(new TarBytes().file("a", TEXT).entry("a/", '5', none).end(), Workbench.TAR);
    bench.refused(new TarBytes().entry("a/", '5', none).file("a", TEXT).end(), Workbench.TAR);
    bench.refused(new TarBytes().entry("A/", '5', none).file("a", TEXT).end(), Workbench.TAR);
    bench.refused(new TarBytes().entry("a/b/", '5', none).file("a", TEXT).end(), Workbench.TAR);
    bench.refused(new ZipBytes().file("a", TEXT).file("a/", none).end(), Workbench.ZIP);
    byte[] twice =
        new TarBytes().entry("a/", '5', none).entry("a", '5', none).file("a/f", TEXT).end();
    assertEquals(1, bench.unpack(twice, Workbench.TAR).entries().size());
  }

  @Test
  @FaultCase(71)
  void namesAreBoundedAsAWholeNotOnlyOneByOne() throws Exception {
    // Each implies twenty directories with long names.
    String deep = ("/" + "a".repeat(190)).repeat(20);
    TarBytes many = new TarBytes();
    for (int i = 0; i < 1000; i++) {
      many.pax('x', "path=" + i + deep + "/f").file("ok", new byte[0]);
    }
    byte[] tar = Archives.compressed(many.end(), Compression.ZST);
    Unpacking.Tree tree = Workbench.tree(Container.TAR, Compression.ZST);
    bench.refused(tar, tree);
  }

  @Test
  void manyFilesInADeepDirectoryAreNoMatter() throws Exception {
    TarBytes many = new TarBytes();
    for (int i = 0; i < 1000; i++) {
      many.pax('x', "path=" + "a/".repeat(99) + i).file("ok", ascii("" + i));
    }
    assertEquals(1000, bench.unpack(many.end(), Workbench.TAR).entries().size());
  }
}
