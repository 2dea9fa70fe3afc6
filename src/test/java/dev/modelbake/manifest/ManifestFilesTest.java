package dev.modelbake.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.FailureKind;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.MissingException;
import dev.modelbake.model.Problem;
import dev.modelbake.testing.FaultCase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@FaultCase(127)
class ManifestFilesTest {
  @TempDir Path folder;

  @Test
  void anAbsentManifestIsMissing() {
    MissingException e = missing(folder.resolve("x.yaml"));
    assertEquals(FailureKind.MISSING, e.kind());
    assertEquals("there is no such file", e.explanation().happened());
    assertTrue(e.explanation().doing().contains(folder.resolve("x.yaml").toString()));
  }

  @Test
  void theAbsenceOfTheDefaultNamesTheIgnoreFileAndTheMount() {
    String remedy = missing(Path.of("models.yaml")).explanation().remedy();
    assertTrue(remedy.contains(".dockerignore"), remedy);
    assertTrue(remedy.contains("--mount=type=bind,source=models.yaml"), remedy);
  }

  @Test
  void aDirectoryIsNoManifest() {
    MissingException e = missing(folder);
    assertEquals("it is a directory", e.explanation().happened());
    assertTrue(e.explanation().remedy().contains(folder.resolve("models.yaml").toString()));
  }

  @Test
  void onlyRegularFilesAreOpened() throws Exception {
    assertEquals(
        "it is not a regular file", missing(Path.of("/dev/zero")).explanation().happened());
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertEquals("it is not a regular file", missing(pipe).explanation().happened());
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
    assertEquals("there is no such file", missing(dangling).explanation().happened());
  }

  @Test
  void aHugeFileIsRefusedUnread() throws IOException {
    Path huge = folder.resolve("huge.yaml");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(1L << 30);
    }
    assertEquals(List.of("too-long"), rules(huge));
  }

  @Test
  void oneLineMayBeManyMegabytesLong() {
    String text = Manifests.pinned("size: 1") + "# " + "x".repeat(15 << 20);
    assertEquals(
        1,
        ManifestReader.read(List.of(Path.of("-")), ShippedModels.NONE, stream(text))
            .manifests()
            .size());
  }

  @Test
  void endlessStandardInputIsReadUpToTheBound() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return ' ';
          }
        };
    assertEquals(List.of("too-long"), rules(endless));
  }

  @Test
  void standardInputIsAManifestToo() {
    String text = Manifests.pinned("size: 5");
    assertEquals(
        "<stdin>",
        ManifestReader.read(List.of(Path.of("-")), ShippedModels.NONE, stream(text))
            .manifests()
            .get(0)
            .at()
            .source());
    assertEquals(
        1,
        ManifestReader.read(List.of(Path.of("/dev/stdin")), ShippedModels.NONE, stream(text))
            .manifests()
            .size());
    assertEquals(List.of("file-url"), rules(stream(Manifests.file("url: 'file:x'"))));
  }

  @Test
  void bytesThatAreNoTextAreToldWithTheirPlace() throws IOException {
    assertEquals(
        List.of("2:4 not-utf8"), places("a: 1\nb: \u00fc".getBytes(StandardCharsets.ISO_8859_1)));
    assertEquals(List.of("1:2 not-text"), places("a\0b".getBytes(StandardCharsets.UTF_8)));
    assertEquals(
        List.of("3:2 not-text"), places("a\r\nb\rc\u001bd".getBytes(StandardCharsets.UTF_8)));
    assertEquals(List.of("not-utf8"), places("a: 1".getBytes(StandardCharsets.UTF_16)));
    assertEquals(List.of("1:2 not-utf8"), places(new byte[] {0x1f, (byte) 0x8b, 8, 0}));
    assertEquals(List.of("1:1 not-utf8"), places(new byte[] {(byte) 0xc3}));
    assertEquals(List.of("empty"), places(new byte[0]));
  }

  @Test
  void aLinkBesideTheManifestDoesNotLeadOutOfItsDirectory() throws IOException {
    Path outside = Files.writeString(folder.resolve("secret"), "s");
    Path own = Files.createDirectory(folder.resolve("own"));
    Files.writeString(own.resolve("beside"), "b");
    Files.createSymbolicLink(own.resolve("inside"), Path.of("beside"));
    Files.createSymbolicLink(own.resolve("link"), outside);
    Files.createSymbolicLink(own.resolve("up"), folder);
    for (String url : List.of("file:link", "file:up/secret", "file:up/absent")) {
      Path file = Files.writeString(own.resolve("m.yaml"), Manifests.file("url: '" + url + "'"));
      assertTrue(rules(file).contains("file-url"), url);
    }
    Path file = Files.writeString(own.resolve("m.yaml"), Manifests.file("url: 'file:inside'"));
    assertEquals(1, ManifestReader.read(List.of(file), ShippedModels.NONE).manifests().size());
  }

  @Test
  void noManifestAtAllIsNoProblem() {
    assertEquals(List.of(), ManifestReader.read(List.of(), ShippedModels.NONE).manifests());
  }

  private List<String> places(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("models.yaml"), bytes);
    ManifestException e =
        assertThrows(
            ManifestException.class, () -> ManifestReader.read(List.of(file), ShippedModels.NONE));
    return Manifests.places(e.problems());
  }

  private static MissingException missing(Path file) {
    return assertThrows(
        MissingException.class, () -> ManifestReader.read(List.of(file), ShippedModels.NONE));
  }

  private static List<String> rules(Path file) {
    return assertThrows(
            ManifestException.class, () -> ManifestReader.read(List.of(file), ShippedModels.NONE))
        .problems()
        .stream()
        .map(Problem::rule)
        .toList();
  }

  private static List<String> rules(InputStream in) {
    return assertThrows(
            ManifestException.class,
            () -> ManifestReader.read(List.of(Path.of("-")), ShippedModels.NONE, in))
        .problems()
        .stream()
        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
        .map(Problem::rule)
        .toList();
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
