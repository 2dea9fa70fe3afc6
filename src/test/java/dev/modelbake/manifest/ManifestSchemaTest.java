package dev.modelbake.manifest;

import static dev.modelbake.manifest.Manifests.HEAD;
import static dev.modelbake.manifest.Manifests.SHA256;
import static dev.modelbake.manifest.Manifests.file;
import static dev.modelbake.manifest.Manifests.pinned;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.ManifestException;
import dev.modelbake.testing.Mutations;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestSchemaTest {
  private static final ManifestSchema SCHEMA = new ManifestSchema();

  @TempDir Path folder;

  @Test
  void theJarHoldsTheDocumentedSchema() throws IOException {
    assertEquals(Files.readString(Path.of("docs/manifest.schema.json")), ManifestSchema.text());
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void whatTheReaderAcceptsTheSchemaAccepts(String manifest) throws Unreadable {
    Manifests.read(folder, manifest);
    assertEquals(List.of(), SCHEMA.errors(manifest));
  }

  static List<String> accepted() {
    List<String> accepted = new ArrayList<>();
    accepted.add(Manifests.RICH);
    for (String format : UnpackSection.FORMATS) {
      accepted.add(pinned("unpack: " + format));
    }
    for (String owner : List.of("0", "1000", "'1000:1000'", "app:users", "self", "svc$", "a.b-c")) {
      accepted.add("owner: " + owner + "\n" + pinned("size: 1"));
    }
    for (String dir :
        List.of(
            "/",
            "/a b/ü",
            "'~'",
            "~/x",
            "${A}",
            "'${A:-${B:-~/x}/y}'",
            "'${A:-/x}/y'",
            "/a.../b")) {
      accepted.add(HEAD.replace("/opt/models", dir) + "      - {url: \"https://h/x\"}\n");
    }
    for (String url :
        List.of(
            "HTTPS://h/x",
            "http://[::1]:80/x",
            "file:x",
            "file:./a/b",
            "oci://h:5000/r/x",
            "https://h/a@b",
            "https://h/%7Bx%7D",
            "https://xn--bcher-kva.example/b\u00fcch.bin",
            "https://h/x?y=z/%20&a")) {
      accepted.add(file("url: '" + url + "'"));
      accepted.add(pinned("mirrors: ['" + url + "']"));
    }
    for (String mirror :
        List.of(
            "https://h/{algorithm}/{hex}",
            "https://h/{digest}?{name}={path}",
            "file:m/{hex}",
            "https://h",
            "oci://h/r",
            "file:store")) {
      accepted.add("mirrors: ['" + mirror + "']\n" + pinned("size: 1"));
    }
    for (String keys :
        List.of(
            "path: a/b/c",
            "path: ...",
            "path: a//b",
            "size: 9223372036854775807",
            "mode: \"644\"",
            "mode: \"2755\"",
            "digests: {}",
            "mirrors: []",
            "digests: {sha1: SHA1:%s, blake3: %s}".formatted("b".repeat(40), SHA256),
            "unpack: gz, max-size: 1 kB",
            "unpack: zip, max-size: 1, max-files: 0, path: ''",
            "also: []",
            "also: [x, {path: y}, {dir: ~/z, path: y}]",
            "unpack: zip, members: [{path: x, sha256: %s}], include: [x]".formatted(SHA256),
            "unpack: zip, unpacked: {tree: %s}, links: refused".formatted(SHA256))) {
      accepted.add(pinned(keys));
    }
    for (String key : List.of("dirs: [x, y/z]", "access: shared", "access: owner")) {
      accepted.add(HEAD.replace("groups: [g]", key) + "      - {url: \"https://h/x\"}\n");
    }
    accepted.add("access: shared\n" + pinned("size: 1"));
    String models = "schema: modelbake/1\nmodels:\n";
    accepted.add(models + "  - {name: a, huggingface: {repo: a/b}}\n");
    accepted.add(
        models
            + "  - name: a\n    huggingface: {repo: b, type: dataset, revision: v1, ref: main}\n"
            + "    files: [{path: x, size: 1, lfs: true}]\n");
    accepted.add(
        models
            + "  - name: a\n    huggingface: {repo: a/b}\n    layout: flat\n    dir: /d\n"
            + "    files: [{path: x, also: [y]}]\n");
    accepted.add(models + "  - {name: a, dir: /d, dirs: [x]}\n");
    accepted.add(
        models
            + "  - {name: a, dir: /d, files: [{path: x, parts: [{url: \"https://h/x\", size: 1}]}]}\n");
    accepted.add(
        "{\"schema\": \"modelbake/1\", \"models\": [{\"name\": \"a\", \"dir\": \"/m\","
            + "\"files\": [{\"url\": \"https://h/x\"}]}]}");
    return accepted;
  }

  @ParameterizedTest
  @MethodSource("rejected")
  void whatTheSchemaRejectsTheReaderRejects(String manifest) throws Unreadable {
    assertFalse(SCHEMA.errors(manifest).isEmpty(), "the schema accepts " + manifest);
    assertFalse(Manifests.errors(folder, manifest).isEmpty());
  }

  static List<String> rejected() {
    List<String> rejected = new ArrayList<>();
    for (String keys :
        List.of(
            "siez: 5",
            "size: -1",
            "size: '5'",
            "size: 9223372036854775808",
            "size: 1.5",
            "size: null",
            "mode: 0644",
            "mode: \"4755\"",
            "mode: \"1777\"",
            "mode: \"8\"",
            "path: /x",
            "path: ~/x",
            "path: a/../b",
            "path: ..",
            "path: 'a\\b'",
            "path: 5",
            "path: .modelbake/x",
            "mirrors: https://h/x",
            "mirrors: [5]",
            "mirrors: ['https://u:p@h/x']",
            "mirrors: ['https://h/{hxe}']",
            "mirrors: ['https://{name}/x']",
            "mirrors: ['https://h/x#y']",
            "mirrors: ['ftp://h/x']",
            "digests: {md5: x}",
            "digests: {crc: x}",
            "digests: {sha256: %s}".formatted(SHA256),
            "unpack: rar",
            "strip: 1",
            "unpacked: {}",
            "max-size: 5",
            "unpack: gz, strip: 1",
            "unpack: gz, unpacked: {tree: %s}".formatted(SHA256),
            "unpack: gz, unpacked: {size: 5}",
            "unpack: zip, unpacked: {sha256: %s}".formatted(SHA256),
            "unpack: zip, unpacked: {}",
            "unpack: zip, strip: -1",
            "unpack: zip, max-size: 0",
            "unpack: zip, max-size: 5 mb",
            "unpack: zip, links: all",
            "unpack: zip, include: x",
            "unpack: zip, include: ['/x']",
            "unpack: zip, members: []",
            "unpack: zip, members: [{path: x}]",
            "also: x",
            "also: [/x]",
            "also: [{dir: /x}]",
            "also: [{dir: /x, path: ../y}]",
            "parts: []",
            "parts: [{url: \"https://h/x\"}]",
            "lfs: 1")) {
      rejected.add(pinned(keys));
    }
    for (String sha256 :
        List.of(
            "a".repeat(63),
            "a".repeat(32),
            "md5:" + "a".repeat(32),
            "':%s'".formatted(SHA256),
            "'" + "1".repeat(64) + " '",
            "1".repeat(64))) {
      rejected.add(file("url: \"https://h/x\", sha256: " + sha256));
    }
    for (String url :
        List.of("x", "https://u@h/x", "https://h/a b", "https://h/{hex}", "file:x?y")) {
      rejected.add(file("url: '" + url + "'"));
    }
    for (String key :
        List.of(
            "huggingface: {}",
            "huggingface: {repo: a b}",
            "huggingface: {repo: a/b, type: modle}",
            "huggingface: {repo: a/b, commit: x}",
            "catalog: 5",
            "dirs: [/x]",
            "access: all",
            "layout: nested",
            "owner: true",
            "owner: a:b:c",
            "owner: 4294967295",
            "groups: g",
            "groups: ['a b']",
            "homepage: x",
            "license: 5",
            "env: {1A: x}",
            "env: {A: 1}",
            "env: {A: yes, B: true}")) {
      rejected.add(HEAD.replace("groups: [g]", key) + "      - {url: \"https://h/x\"}\n");
    }
    for (String dir : List.of("x", "~x", "../x", "/a/..", "'/a\\b'", "/.modelbake", "5")) {
      rejected.add(HEAD.replace("/opt/models", dir) + "      - {url: \"https://h/x\"}\n");
    }
    for (String top : List.of("x: 1", "mode: 0644", "home: x", "mirrors: x", "access: public")) {
      rejected.add(top + "\n" + pinned("size: 1"));
    }
    rejected.add("schema: modelbake/2\nmodels: []\n");
    rejected.add("schema: modelbake/1\n");
    rejected.add("schema: modelbake/1\nmodels: []\n");
    rejected.add("schema: modelbake/1\nmodels: [{}]\n");
    rejected.add("- x\n");
    return rejected;
  }

  /** The list in docs/manifest.md, "What only the reader knows": the schema lets each pass. */
  @ParameterizedTest
  @MethodSource("onlyTheReaderKnows")
  void whatOnlyTheReaderKnows(String rule, String manifest) throws Unreadable {
    if (!rule.equals("value-too-long")) { // which ends the reading before there is a tree
      assertEquals(List.of(), SCHEMA.errors(manifest));
    }
    assertTrue(
        Manifests.errors(folder, manifest).stream().anyMatch(p -> p.rule().equals(rule)), rule);
  }

  static List<Object[]> onlyTheReaderKnows() {
    String b = "b".repeat(64);
    String other = "\n      - {url: \"https://h/x\", sha256: %s, ".formatted(b);
    String nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    String second = pinned("size: 1").substring(pinned("").indexOf("  - name"));
    return List.of(
        row("duplicate-key", pinned("size: 1, size: 2")),
        row("merge-key", pinned("<<: {size: 1}")),
        row("tag", pinned("path: !!str x")),
        row("hidden-character", pinned("path: \"a\\u202eb\"")),
        row("digest-of-nothing", file("url: \"https://h/x\", size: 5, sha256: " + nothing)),
        row("digest-of-nothing", pinned("size: 0")),
        row("path-syntax", pinned("path: ''")),
        row("path-syntax", pinned("path: x/")),
        row("path-syntax", pinned("path: 'a/${X}'")),
        row("path-too-long", pinned("path: " + "x".repeat(256))),
        row("path-too-long", pinned("path: " + "x/".repeat(2100) + "y")),
        row("path-missing", file("url: \"https://h/\"")),
        row("same-path", pinned("path: x}" + other + "path: x")),
        row("path-conflict", pinned("path: x}" + other + "path: x/y")),
        row(
            "tree-not-alone",
            pinned("path: x}" + other + "unpack: zip, unpacked: {tree: %s}".formatted(b))),
        row(
            "duplicate-member",
            pinned(
                "unpack: zip, members: [{path: x, sha256: %s}, {path: x, sha256: %s}]"
                    .formatted(b, b))),
        row("catalog-name", "schema: modelbake/1\nmodels: [{catalog: no/such}]\n"),
        row("missing-key", file("path: x")),
        row("missing-key", hub("url: \"https://h/x\"")),
        row("key-out-of-place", pinned("lfs: true")),
        row("key-out-of-place", hub("path: x, unpack: zip")),
        row("key-out-of-place", hub("path: x, also: [y]")),
        row("hub-repository", hub("path: x").replace("a/b", "a--b")),
        row("hub-revision", hub("path: x").replace("main", "a..b")),
        row(
            "layout",
            HEAD.replace("groups: [g]", "layout: huggingface")
                + "      - {url: \"https://h/x\"}\n"),
        row("duplicate-model", pinned("size: 1") + second),
        row("url", file("url: \"https://h/%zz\"")),
        row("url", file("url: \"https://h:99999/x\"")),
        row("url", file("url: \"https://my_host/x\"")),
        row("url", "mirrors: [\"https://h/x?y\"]\n" + pinned("size: 1")),
        row("variable-in-url", pinned("mirrors: [\"https://h/${hex}\"]")),
        row("file-url", file("url: \"file:../x\"")),
        row("file-url", file("url: \"file:///etc/passwd\"")),
        row(
            "variable-syntax",
            HEAD.replace("/opt/models", "'${A B}'") + "      - {url: \"https://h/x\"}\n"),
        row(
            "variable-syntax",
            HEAD.replace("/opt/models", "/opt/$HOME") + "      - {url: \"https://h/x\"}\n"),
        row("home", "home: \"~\"\n" + pinned("size: 1")),
        row("owner", "owner: \"9999999999\"\n" + pinned("size: 1")),
        row("glob", pinned("unpack: zip, include: [\"[\"]")),
        row("value-too-long", pinned("path: " + "x".repeat(70_000))),
        row("out-of-range", pinned("unpack: zip, max-size: 9999999999TiB")));
  }

  private static String hub(String file) {
    return "schema: modelbake/1\nmodels: [{name: a, huggingface: {repo: a/b, revision: main},"
        + " files: [{%s}]}]\n".formatted(file);
  }

  private static Object[] row(String rule, String manifest) {
    return new Object[] {rule, manifest};
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {2, 20261121})
  void noDamageMakesTheReaderAcceptMoreThanTheSchema(long seed) throws Unreadable {
    Mutations mutations = new Mutations(new Random(seed), Manifests.WORDS);
    int accepted = 0;
    for (int i = 0; i < 2000; i++) {
      String text =
          new String(
              mutations.of(Manifests.RICH.getBytes(StandardCharsets.UTF_8)),
              StandardCharsets.UTF_8);
      if (isAccepted(text)) {
        accepted++;
        String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
        assertEquals(List.of(), SCHEMA.errors(plain), text);
      }
    }
    assertTrue(accepted > 50, "some damage does no harm, here " + accepted);
  }

  private static boolean isAccepted(String text) {
    try {
      ManifestReader.read(
          List.of(Path.of("-")),
          ShippedModels.NONE,
          new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
      return true;
    } catch (ManifestException e) {
      return false;
    }
  }
}
