package dev.modelbake.manifest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.digest.Hasher;
import dev.modelbake.manifest.ManifestReader.Reading;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Hints;
import dev.modelbake.model.Location;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Text;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Archive;
import dev.modelbake.model.Unpacking.Container;
import dev.modelbake.model.Unpacking.Limits;
import dev.modelbake.model.Unpacking.Links;
import dev.modelbake.model.Unpacking.Stream;
import dev.modelbake.model.Unpacking.Tree;
import dev.modelbake.model.Unpacking.TreePin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestReaderTest {
  private static final String A = "a".repeat(64);
  private static final String B = "b".repeat(64);

  @TempDir Path folder;

  @Test
  void everyKeyReachesItsValueWithItsPlace() throws IOException {
    Manifest manifest =
        read(
            """
            schema: modelbake/1
            owner: appuser:models
            home: /home/appuser
            env:
              HF_HOME: /opt/models/huggingface
              U2NET_HOME: ${XDG_DATA_HOME:-~}/.u2net
            mirrors:
              - https://mirror.example/models/{algorithm}/{hex}
              - oci://registry.example/project/models
            mode: "0640"
            dir-mode: "2750"
            models:
              - name: dlib/shape-predictor-68
                license: CC0-1.0
                homepage: https://github.com/davisking/dlib-models
                dir: ${U2NET_HOME}
                owner: 1000
                groups: [faces, landmarks]
                mode: "0664"
                dir-mode: "2775"
                layout: flat
                env: {DLIB_HOME: "1"}
                files:
                  - url: http://dlib.net/files/shape.dat.bz2
                    mirrors: ["https://m.example/{name}/{path}"]
                    mode: "0600"
                    sha256: %s
                    size: 64040097
                    digests: {md5: c09ddc2e0104f800e3e1bb4652583d1f}
            """
                .formatted(A));
    assertAll(
        () -> assertEquals(Location.of(file().toString()), manifest.at()),
        () -> assertEquals(Hasher.sha256(file()), manifest.digest()),
        () -> assertEquals(Optional.of(text("appuser:models", 2, 8)), manifest.owner()),
        () -> assertEquals(Optional.of(text("/home/appuser", 3, 7)), manifest.home()),
        () -> assertEquals(List.of("HF_HOME", "U2NET_HOME"), List.copyOf(manifest.env().keySet())),
        () ->
            assertEquals(
                text("${XDG_DATA_HOME:-~}/.u2net", 6, 15), manifest.env().get("U2NET_HOME")),
        () ->
            assertEquals(
                List.of(
                    text("https://mirror.example/models/{algorithm}/{hex}", 8, 5),
                    text("oci://registry.example/project/models", 9, 5)),
                manifest.mirrors()));
    Model model = manifest.models().get(0);
    assertAll(
        () -> assertEquals("dlib/shape-predictor-68", model.name()),
        () -> assertEquals(at(13, 5), model.at()),
        () -> assertEquals(Optional.of("CC0-1.0"), model.license()),
        () ->
            assertEquals(Optional.of("https://github.com/davisking/dlib-models"), model.homepage()),
        () -> assertEquals(Optional.of(text("${U2NET_HOME}", 16, 10)), model.dir()),
        () -> assertEquals(Optional.of(text("1000", 17, 12)), model.owner()),
        () -> assertEquals(List.of("faces", "landmarks"), model.groups()),
        () -> assertEquals(new FileMode(0664), model.mode()),
        () -> assertEquals(new FileMode(02775), model.dirMode()),
        () -> assertEquals(text("1", 22, 22), model.env().get("DLIB_HOME")));
    ModelFile file = model.files().get(0);
    Descriptor pin =
        new Descriptor(
            Digest.sha256(A),
            OptionalLong.of(64040097),
            List.of(new Digest(DigestAlgorithm.MD5, "c09ddc2e0104f800e3e1bb4652583d1f")));
    assertEquals(
        new ModelFile(
            at(24, 9),
            "shape.dat.bz2",
            List.of(
                text("http://dlib.net/files/shape.dat.bz2", 24, 14),
                text("https://m.example/{name}/{path}", 25, 19)),
            Optional.of(pin),
            new Hints(pin.size(), pin.others()),
            List.of(),
            new Unpacking.None(),
            List.of(),
            false,
            Optional.of(new FileMode(0600))),
        file);
  }

  @Test
  void modesComeFromTheManifestThenFromTheDefaults() throws IOException {
    assertEquals(new FileMode(0644), read(minimal()).models().get(0).mode());
    assertEquals(new FileMode(0755), read(minimal()).models().get(0).dirMode());
    Manifest own = read("mode: \"600\"\ndir-mode: \"0700\"\n" + minimal());
    assertEquals(new FileMode(0600), own.models().get(0).mode());
    assertEquals(new FileMode(0700), own.models().get(0).dirMode());
  }

  @Test
  void jsonReadsLikeYamlWithTabsAndEscapes() throws IOException {
    Manifest manifest =
        read(
            """
            {
            \t"schema": "modelbake\\/1",
            \t"models": [{
            \t\t"name": "a/b", "dir": "/m\\u00f6dels",
            \t\t"files": [{"url": "https://h/x.onnx", "sha256": "%s", "size": 5}]
            \t}]
            }
            """
                .formatted(A));
    assertEquals(text("/m\u00f6dels", 4, 25), manifest.models().get(0).dir());
    assertEquals("x.onnx", manifest.models().get(0).files().get(0).path());
  }

  @Test
  void aByteOrderMarkAndWindowsLineEndsChangeNoPlace() throws IOException {
    String windows = "\uFEFF" + minimal().replace("\n", "\r\n");
    assertEquals(at(3, 5), read(windows).models().get(0).at());
    assertEquals(at(6, 9), read(windows).models().get(0).files().get(0).at());
  }

  @Test
  void wordsThatOlderYamlReadsAsBooleansAreTexts() throws IOException {
    Manifest manifest = read("env: {A: no, B: on, C: 12:30:00, D: 2024-01-01}\n" + minimal());
    assertEquals("no", text(manifest, "A"));
    assertEquals("on", text(manifest, "B"));
    assertEquals("12:30:00", text(manifest, "C"));
    assertEquals("2024-01-01", text(manifest, "D"));
  }

  private static String text(Manifest manifest, String name) {
    return String.valueOf(manifest.env().get(name));
  }

  @Test
  void aDigestMayBePrefixedAndInUpperCase() throws IOException {
    String url = "https://h/x";
    ModelFile file = file("url: %s\n        sha256: SHA256:%s".formatted(url, "A".repeat(64)));
    assertEquals(Digest.sha256(A), file.pin().orElseThrow().digest());
  }

  @Test
  void thePathDefaultsToTheLastSegmentOfTheUrl() throws IOException {
    assertEquals("a b.onnx", file("url: https://h/d/a%20b.onnx?x=/y").path());
    assertEquals("x.dat", file("url: https://h/x.dat.bz2\n        unpack: bz2").path());
    assertEquals("x.dat", file("url: https://h/x.dat.XZ\n        unpack: xz").path());
    assertEquals("x.bin", file("url: https://h/x.bin\n        unpack: gz").path());
    assertEquals("x.bz2", file("url: https://h/x.bz2\n        unpack: zst").path());
    assertEquals("", file("url: https://h/x.zip\n        unpack: zip").path());
  }

  @Test
  void emptySegmentsOfAPathAreLeftOut() throws IOException {
    assertEquals("a/b.onnx", file("url: https://h/x\n        path: ./a//./b.onnx").path());
    assertEquals("a", file("url: https://h/x.zip\n        unpack: zip\n        path: a/").path());
    assertEquals("", file("url: https://h/x.zip\n        unpack: zip\n        path: .").path());
  }

  @Test
  void aCompressedFileHasAnOutput() throws IOException {
    ModelFile file =
        file(
            """
            url: https://h/x.dat.bz2
                    unpack: bz2
                    max-size: 512MiB
                    unpacked: {sha256: %s, size: 99, mirrors: ["https://h/x.dat"]}"""
                .formatted(B));
    Stream stream = assertInstanceOf(Stream.class, file.unpacking());
    assertEquals(Compression.BZ2, stream.compression());
    assertEquals(Optional.of(Descriptor.of(Digest.sha256(B), 99)), stream.output());
    assertEquals("[https://h/x.dat]", stream.mirrors().toString());
    assertEquals(new Limits(OptionalLong.of(512L << 20), OptionalInt.empty()), stream.limits());
  }

  @Test
  void anArchiveIsATreeWithMembers() throws IOException {
    ModelFile file =
        file(
            """
            url: https://h/x.tgz
                    unpack: tar.gz
                    strip: 1
                    links: internal
                    max-size: 1000
                    max-files: 7
                    members:
                      - {path: a//b, sha256: %s, size: 3}"""
                .formatted(B));
    assertEquals(
        new Tree(
            new Archive(Container.TAR, Compression.GZ),
            1,
            List.of(),
            new TreePin.Members(
                List.of(new Unpacking.Member("a/b", Descriptor.of(Digest.sha256(B), 3)))),
            Links.INTERNAL,
            new Limits(OptionalLong.of(1000), OptionalInt.of(7))),
        file.unpacking());
  }

  @Test
  void anArchiveIsATreePinnedAsAWhole() throws IOException {
    ModelFile file =
        file(
            """
            url: https://h/x.zip
                    unpack: zip
                    path: corpora/stopwords
                    include: ["*.txt", "de/**"]
                    unpacked: {tree: %s, files: 31, size: 120000}"""
                .formatted(B));
    Tree tree = assertInstanceOf(Tree.class, file.unpacking());
    assertEquals("corpora/stopwords", file.path());
    assertEquals(List.of("*.txt", "de/**"), tree.include());
    assertEquals(Links.REFUSED, tree.links());
    assertEquals(
        new TreePin.Whole(Digest.sha256(B), OptionalInt.of(31), OptionalLong.of(120000)),
        tree.pin());
  }

  @Test
  void everyFormatIsKnown() throws IOException {
    for (String format : UnpackSection.FORMATS) {
      Unpacking how = file("url: https://h/x\n        unpack: " + format).unpacking();
      assertTrue(how instanceof Stream || how instanceof Tree, format);
    }
  }

  @Test
  void fileUrlsBecomeAbsoluteBelowTheManifest() throws IOException {
    String here = folder.toUri().toString().replaceFirst("/$", "");
    assertEquals(here + "/sub/a%20b", source("file:sub/a%20b"));
    assertEquals(here + "/x", source("file:" + folder + "/x"));
    assertEquals(here + "/x", source(here + "/x"));
    Manifest manifest =
        read("mirrors: [\"file:store\", \"file:m/{hex}\", \"file:.\"]\n" + minimal());
    assertEquals(
        "[%s/store, %s/m/{hex}, %s/.]".formatted(here, here, here), manifest.mirrors().toString());
  }

  private String source(String url) throws IOException {
    return file("url: " + url).sources().get(0).value().replaceFirst("^file:/([^/])", "file:///$1");
  }

  @Test
  void anchorsAndAliasesRepeatValues() throws IOException {
    Manifest manifest =
        read(
            """
            schema: modelbake/1
            models:
              - {name: a, dir: &d /opt/m, files: &f [{url: "https://h/x", sha256: &s %s, size: 1}]}
              - {name: b, dir: *d, files: *f}
            """
                .formatted(A));
    assertEquals(manifest.models().get(0).files(), manifest.models().get(1).files());
    assertEquals(at(3, 20), manifest.models().get(1).dir().orElseThrow().at());
  }

  @Test
  void aRepeatedFileIsReadOnceWithAWarning() throws IOException {
    Reading reading =
        reading(
            """
            schema: modelbake/1
            mirrors: [https://m.example]
            models:
              - name: a
                dir: /m
                files:
                  - {url: "https://h/x", sha256: %s, size: 1}
                  - {url: "https://i/x", sha256: %s, size: 1}
            """
                .formatted(A, A));
    assertEquals(1, reading.manifests().get(0).models().get(0).files().size());
    assertEquals(List.of("8:9 duplicate-file"), Manifests.places(reading.warnings()));
  }

  @Test
  void twoArchivesMayShareADirectory() throws IOException {
    Reading reading =
        reading(
            """
            schema: modelbake/1
            models:
              - name: a
                dir: /m
                files:
                  - {url: "https://h/x.zip", sha256: %s, size: 1, unpack: zip}
                  - {url: "https://h/y.zip", sha256: %s, size: 1, unpack: zip}
            """
                .formatted(A, B));
    assertEquals(2, reading.manifests().get(0).models().get(0).files().size());
  }

  @Test
  void warningsTellWhatIsNotProvenOrHasOneSourceOnly() throws IOException {
    Reading reading =
        reading(
            """
            schema: modelbake/1
            models:
              - name: a
                dir: /m
                files:
                  - url: https://h/x
                  - {url: "https://h/y", mirrors: ["https://i/y"], sha256: %s}
                  - {url: "https://h/z.gz", sha256: %s, size: 1, unpack: gz}
                  - {url: "https://h/e", sha256: %s}
            """
                .formatted(A, B, Digest.OF_NOTHING.hex()));
    assertEquals(
        List.of(
            "6:9 unpinned",
            "6:9 size-missing",
            "6:9 one-source",
            "7:9 size-missing",
            "8:9 unpinned-output",
            "8:9 one-source",
            "9:9 size-missing",
            "9:9 one-source",
            "9:38 digest-of-nothing"),
        Manifests.places(reading.warnings()));
    assertTrue(reading.warnings().stream().allMatch(p -> p.severity() == Problem.Severity.WARNING));
    assertEquals(Optional.empty(), reading.manifests().get(0).models().get(0).files().get(0).pin());
  }

  @Test
  void severalManifestsAreReadInTheirOrder() throws IOException {
    Path one = Files.writeString(folder.resolve("1.yaml"), minimal());
    Path two = Files.writeString(folder.resolve("2.yaml"), minimal().replace("a/b", "c/d"));
    List<Manifest> manifests =
        ManifestReader.read(List.of(two, one), ShippedModels.NONE).manifests();
    assertEquals("c/d", manifests.get(0).models().get(0).name());
    assertEquals("a/b", manifests.get(1).models().get(0).name());
  }

  /** A manifest whose one file entry is this, indented by eight. */
  private ModelFile file(String entry) throws IOException {
    String sha256 = entry.contains(" sha256: SHA256") ? "" : "\n        sha256: " + A;
    return read(minimal().replaceFirst("(?s)url: .*", "") + entry + sha256 + "\n")
        .models()
        .get(0)
        .files()
        .get(0);
  }

  private static String minimal() {
    return """
        schema: modelbake/1
        models:
          - name: a/b
            dir: /opt/models
            files:
              - url: https://h/x.onnx
                sha256: %s
                size: 5
        """
        .formatted(A);
  }

  private Path file() {
    return folder.resolve("models.yaml");
  }

  private Location at(int line, int column) {
    return new Location(file().toString(), line, column);
  }

  private Text text(String value, int line, int column) {
    return new Text(value, at(line, column));
  }

  private Manifest read(String text) throws IOException {
    return reading(text).manifests().get(0);
  }

  private Reading reading(String text) throws IOException {
    Files.write(file(), text.getBytes(StandardCharsets.UTF_8));
    return ManifestReader.read(List.of(file()), ShippedModels.NONE);
  }
}
