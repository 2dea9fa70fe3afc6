package dev.modelbake.manifest;

import static dev.modelbake.manifest.Manifests.HEAD;
import static dev.modelbake.manifest.Manifests.SHA256;
import static dev.modelbake.manifest.Manifests.file;
import static dev.modelbake.manifest.Manifests.pinned;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.FailureKind;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Problem;
import dev.modelbake.testing.FaultCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@FaultCase({60, 62, 128, 129, 130, 135, 153})
class ManifestProblemsTest {
  /** Where a file's own key starts, after the URL and the digest that {@code pinned} writes. */
  private static final int KEY = "      - {url: \"https://h/x\", sha256: , ".length() + 64 + 1;

  @TempDir Path folder;

  @Test
  void allProblemsAreToldAtOnceInTheOrderOfTheText() {
    List<Problem> problems =
        assertThrows(
                ManifestException.class,
                () ->
                    read(
                        """
                        schema: modelbake/1
                        ownr: appuser
                        mode: 0644
                        models:
                          - name: a/b
                            name: c/d
                            files:
                              - ulr: https://h/x
                                size: -1
                                sha256: %s
                              - url: https://user:canary@h/y
                                path: ../y
                        """
                            .formatted("a".repeat(63))))
            .problems();
    assertEquals(
        List.of(
            "2:1 unknown-key",
            "3:7 mode",
            "5:5 dir-missing",
            "6:5 duplicate-key",
            "8:9 unknown-key",
            "9:15 negative",
            "10:17 digest-syntax",
            "11:9 unpinned",
            "11:9 size-missing",
            "11:14 url-credentials",
            "12:15 path-leaves"),
        Manifests.places(problems));
    assertFalse(problems.toString().contains("canary"));
  }

  @Test
  void aProblemSaysWhereWhatAndWhatToWriteInstead() {
    Path path = Manifests.write(folder, pinned("siez: 5"));
    ManifestException e =
        assertThrows(
            ManifestException.class, () -> ManifestReader.read(List.of(path), ShippedModels.NONE));
    assertEquals(FailureKind.CONFIGURATION, e.kind());
    Problem problem = e.problems().get(e.problems().size() - 1);
    assertEquals(
        "%s:7:%d: 'siez' is no key of a file; did you mean size?".formatted(path, KEY),
        problem.toString());
  }

  @Test
  void problemsOfAllFilesComeInTheOrderOfTheFiles() throws IOException {
    Path one = Files.writeString(folder.resolve("1.yaml"), "schema: modelbake/1\nx: 1\n");
    Path two = Files.writeString(folder.resolve("2.yaml"), "a: [1,\n");
    ManifestException e =
        assertThrows(
            ManifestException.class,
            () -> ManifestReader.read(List.of(two, one), ShippedModels.NONE));
    assertEquals(
        List.of("2:1 yaml-syntax", "1:1 missing-key", "2:1 unknown-key"),
        Manifests.places(e.problems()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sie: 5                 | unknown-key      | did you mean size?",
        "dir: /x                | unknown-key      | write it in a model",
        "schema: x              | unknown-key      | write it at the top of the manifest",
        "checksum: x            | unknown-key      | known here: url, mirrors, parts, path, also,",
        "also: [../x]           | path-leaves      | a path stays below dir",
        "also: [{dir: /opt}]    | missing-key      | write path: NAME",
        "also: [x], unpack: zip | key-out-of-place | list the archive twice",
        "parts: []              | key-out-of-place | write either url or parts",
        "parts: []              | missing-key      | write path: NAME",
        "parts: []              | empty-list       | list them in order",
        "lfs: true              | key-out-of-place | remove it",
        "lfs: yes               | wrong-type       | write lfs: true",
        "<<: *x                 | unknown-alias    | put the anchor (&name) in front",
        "<<: {size: 5}          | merge-key        | an anchor (&a) and an alias (*a)",
        "[a]: 5                 | key-type         | write key: value",
        "size: -1               | negative         | write 0 or more",
        "size: \"5\"            | wrong-type       | write it without quotes: size: 5",
        "size: 5 MB             | wrong-type       | such as size: 64040097",
        "size: 1e6              | wrong-type       | such as size: 64040097",
        "size: 0x10             | wrong-type       | without leading zero, 0x or 0o",
        "size: 010              | wrong-type       | without leading zero, 0x or 0o",
        "size: [5]              | wrong-type       | write size: 64040097",
        "size:                  | wrong-type       | write size: 64040097",
        "size: 9223372036854775808 | out-of-range  | write the right number",
        "mode: 0644             | mode             | write mode: \"0644\"",
        "mode: 0o600            | mode             | write mode: \"0600\"",
        "mode: \"rw-r--r--\"    | mode             | write mode: \"0644\"",
        "mode: \"4755\"         | mode             | write mode: \"0755\"",
        "mode: \"64\"           | mode             | write mode: \"0644\"",
        "path: /x               | path-leaves      | relative to dir",
        "path: a/../../x        | path-leaves      | write it without",
        "path: 'a\\b'           | path-syntax      | 'a/b'",
        "path: ~/x              | path-syntax      | write them in dir",
        "path: '${HOME}'        | path-syntax      | write them in dir",
        "path: a/               | path-syntax      | write the name of the file",
        "path: .                | path-syntax      | write the name of the file",
        "path: \"\"             | path-syntax      | write the name of the file",
        "path: a/.modelbake/x   | path-reserved    | choose another name",
        "path: \"a\\u202eb\"    | hidden-character | write it again by hand",
        "path: \"a\\u0000b\"    | hidden-character | write it again by hand",
        "path: \"a\\ud800b\"    | hidden-character | write it again by hand",
        "path: 5                | wrong-type       | put it in quotes: \"5\"",
        "mirrors: https://h/x   | wrong-type       | write a list: mirrors: [https://…]",
        "mirrors: [5]           | wrong-type       | put it in quotes: \"5\"",
        "mirrors: [{}]          | wrong-type       | write a list of texts",
        "mirrors: [\"https://h/{hxe}\"]  | template | did you mean {hex}?",
        "mirrors: [\"https://h/{nonsense}\"]  | template | known: {algorithm} {hex} {digest}",
        "mirrors: [\"https://h/{hex\"]   | template | %7B",
        "mirrors: [\"https://h/${X}\"]   | variable-in-url | --rewrite FROM=TO",
        "mirrors: ['https://{name}.h/x'] | template      | write the host out",
        "mirrors: [oci://h]     | url              | write oci://HOST/REPOSITORY",
        "digests: {md6: x}      | digest-algorithm | did you mean md5?",
        "digests: {crc32: x}    | digest-algorithm | known: sha512, blake2b, blake3, md5, sha1",
        "digests: {sha256: x}   | digest-misplaced | beside digests",
        "digests: {md5: x}      | digest-syntax    | copy the digest again",
        "digests: x             | wrong-type       | write digests: {md5",
        "unpack: bzip2          | unpack-format    | did you mean bz2?",
        "unpack: tgz            | unpack-format    | did you mean tar.gz?",
        "unpack: tar.bz         | unpack-format    | did you mean tar.bz2?",
        "unpack: rar            | unpack-format    | ",
        "unpack: true           | wrong-type       | put it in quotes",
        "strip: 1               | unpack-key       | or write unpack:",
        "unpacked: {}           | unpack-key       | or write unpack:",
        "max-size: 5            | unpack-key       | or write unpack:",
        "unpack: gz, strip: 1   | unpack-key       | remove it",
        "unpack: gz, members: [] | unpack-key      | remove it",
        "unpack: gz, unpacked: {size: 5}  | missing-key | or leave unpacked out",
        "unpack: gz, unpacked: {tree: x}  | unknown-key | known here: sha256, size, mirrors",
        "unpack: zip, unpacked: {sha256: x} | unknown-key | write it in an entry of files",
        "unpack: zip, strip: -1 | negative         | write 0 or more",
        "unpack: zip, strip: 101 | out-of-range    | write the right number",
        "unpack: zip, max-files: 3000000000 | out-of-range | write the right number",
        "unpack: zip, max-size: 0     | out-of-range | a bound above 0",
        "unpack: zip, max-size: 5 mb  | size-syntax  | max-size: 512MiB",
        "unpack: zip, max-size: 9999999999TiB | out-of-range | write the right number",
        "unpack: zip, links: all      | links        | write internal or refused",
        "unpack: zip, include: ['[']  | glob         | a relative pattern",
        "unpack: zip, include: [/x]   | glob         | a relative pattern",
        "unpack: zip, members: []     | empty-list   | list the files",
        "unpack: zip, members: [x]    | wrong-type   | write - {path",
        "unpack: zip, members: [{path: x}] | missing-key | without members",
      })
  void eachFaultOfAFileHasARuleAndARemedy(String keys, String rule, String remedy) {
    List<Problem> errors = errors(pinned(keys));
    String wanted = remedy == null ? "" : remedy;
    assertTrue(
        errors.stream().anyMatch(p -> p.rule().equals(rule) && p.remedy().contains(wanted)),
        errors::toString);
    assertTrue(errors.stream().allMatch(p -> p.at().line() == 7), errors::toString);
  }

  @Test
  void aProblemPointsAtTheKeyOrAtItsValue() {
    assertEquals(List.of("7:%d unknown-key".formatted(KEY)), at(pinned("sie: 5")));
    assertEquals(List.of("7:%d negative".formatted(KEY + 6)), at(pinned("size: -5")));
    assertEquals(List.of("7:%d merge-key".formatted(KEY)), at(pinned("<<: {a: 1}")));
    assertEquals(List.of("7:%d template".formatted(KEY + 10)), at(pinned("mirrors: [\"a{b}\"]")));
    assertEquals(
        List.of("7:%d digest-algorithm".formatted(KEY + 10)), at(pinned("digests: {x: y}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "63 | digest-syntax    | sha256 has 64 hexadecimal digits, this value has 63",
        "65 | digest-syntax    | sha256 has 64 hexadecimal digits, this value has 65",
        "32 | digest-misplaced | that looks like an md5, not sha256",
        "40 | digest-misplaced | that looks like a sha1, not sha256",
        "128 | digest-misplaced | that looks like a sha512, not sha256",
      })
  void aDigestOfAnotherLengthIsNamed(int length, String rule, String what) {
    Problem problem = errors(file("url: \"https://h/x\", sha256: " + "a".repeat(length))).get(0);
    assertEquals(rule, problem.rule());
    assertEquals(what, problem.what());
    assertEquals(7, problem.at().line());
    assertEquals(38, problem.at().column());
  }

  @Test
  void anMd5InTheWrongPlaceIsToldWhereItBelongs() {
    Problem problem =
        errors(file("url: \"https://h/x\", sha256: c09ddc2e0104f800e3e1bb4652583d1f")).get(0);
    assertEquals(
        "put it under digests: {md5: …}, and run `modelbake pin %s` for the sha256"
            .formatted(folder.resolve("models.yaml")),
        problem.remedy());
    assertEquals(
        "that looks like an md5, not sha256",
        errors(file("url: \"https://h/x\", sha256: \"md5:c09ddc2e0104f800e3e1bb4652583d1f\""))
            .get(0)
            .what());
    assertEquals(
        "write it under sha256:",
        errors(pinned("digests: {md5: %s}".formatted(SHA256))).get(0).remedy());
  }

  @Test
  void aDigestThatYamlReadsAsANumberWantsQuotes() {
    String digits = "1".repeat(64);
    Problem problem = errors(file("url: \"https://h/x\", sha256: " + digits)).get(0);
    assertEquals("put it in quotes: \"%s\"".formatted(digits), problem.remedy());
  }

  @Test
  void aDigestWithAForeignCharacterNamesIt() {
    Problem problem = errors(file("url: \"https://h/x\", sha256: 7d66…80f5")).get(0);
    assertEquals("sha256 has only hexadecimal digits, not '…'", problem.what());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\b", "C:\\models\\x", "..\\x", "\\\\server\\x"})
  @FaultCase(133)
  void aBackslashInAPathIsTold(String path) {
    Problem problem = errors(pinned("path: '" + path + "'")).get(0);
    assertEquals("the path has a backslash", problem.what());
    assertEquals(1, errors(file("url: 'https://h/x', also: ['" + path + "']")).size());
  }

  @Test
  void theDigestOfNothingIsNoDigestOfSomething() {
    String nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assertEquals(
        List.of("7:38 digest-of-nothing"),
        at(file("url: \"https://h/x\", sha256: " + nothing + ", size: 5")));
    assertEquals(List.of("7:%d digest-of-nothing".formatted(KEY + 6)), at(pinned("size: 0")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                            | missing-key",
        "url:                        | wrong-type",
        "url: 'https://u:p@h/x'      | url-credentials",
        "url: 'http:// u@h/x'        | url-credentials",
        "url: 'ftp://h/x'            | url",
        "url: 'h/x'                  | url",
        "url: 'https:///x'           | url",
        "url: 'https://my_host/x'    | url",
        "url: 'https://h:99999/x'    | url",
        "url: 'https://h/a b'        | url",
        "url: 'https://h/x#y'        | url",
        "url: 'https://h/%zz'        | url",
        "url: 'https://h/'           | path-missing",
        "url: 'https://h/${X}'       | variable-in-url",
        "url: 'https://h/{hex}'      | template",
        "url: 'file:../x'            | file-url",
        "url: 'file:///etc/passwd'   | file-url",
        "url: 'file:a/%2e%2e/%2e%2e/x' | file-url",
        "url: 'file:x%00y'           | file-url",
        "url: 'file://h/x'           | file-url",
        "url: 'file:x?y'             | file-url",
        "url: 'file:'                | file-url",
        "url: 'file:.'               | file-url",
        "url: 'https://h/%2e%2e'     | path-leaves",
        "url: 'https://h/%00'        | hidden-character",
        "url: 'https://h/%E2%80%AE'  | hidden-character",
      })
  void eachFaultOfAUrlHasARule(String url, String rule) {
    List<Problem> errors = errors(file((url == null ? "" : url + ", ") + "size: 5"));
    assertEquals(List.of(rule), errors.stream().map(Problem::rule).toList());
  }

  @Test
  void noMessageQuotesAUrl() {
    String url = "https://canary:canary@h/canary?canary=canary#{canary}${canary} canary";
    String errors =
        errors(file("url: '%s', mirrors: ['%s', 'file:%s']".formatted(url, url, url))).toString();
    assertFalse(errors.contains("canary"), errors);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "opt/models        | dir-relative     | 4:10",
        "./models          | dir-relative     | 4:10",
        "~appuser/models   | dir-relative     | 4:10",
        "/opt/../etc       | path-leaves      | 4:10",
        "'/opt\\x'         | path-syntax      | 4:10",
        "/opt/.modelbake/x | path-reserved    | 4:10",
        "${HOME            | variable-syntax  | 4:10",
        "${}               | variable-syntax  | 4:10",
        "${A B}            | variable-syntax  | 4:10",
        "${1A}             | variable-syntax  | 4:10",
        "${A-x}            | variable-syntax  | 4:10",
        "${A:-${B}         | variable-syntax  | 4:10",
        "/opt/$HOME/x      | variable-syntax  | 4:10",
        "${python:rapid-ocr}/models | variable-syntax | 4:10",
        "\"/opt\\u202ex\"  | hidden-character | 4:10",
        "5                 | wrong-type       | 4:10",
      })
  void eachFaultOfADirectoryHasARule(String dir, String rule, String place) {
    String text = HEAD.replace("/opt/models", dir) + "      - {url: \"https://h/x\"}\n";
    assertEquals(List.of(place + " " + rule), at(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "access: [shared]       | 5:13 wrong-type",
        "catalog: rembg/u2netp  | 5:14 catalog-name",
        "dirs: [../up]          | 5:12 path-leaves",
        "access: all            | 5:13 access",
        "layout: huggingface    | 5:13 layout",
        "layout: flta           | 5:13 layout",
        "owner: a:b:c           | 5:12 owner",
        "owner: 0100            | 5:12 owner",
        "owner: 4294967295      | 5:12 owner",
        "owner: true            | 5:12 owner",
        "owner: [a]             | 5:12 wrong-type",
        "groups: g              | 5:13 wrong-type",
        "groups: ['a b']        | 5:14 name",
        "homepage: 'https://u@h/x' | 5:15 homepage",
        "license: [MIT]         | 5:14 wrong-type",
        "env: {1A: x}           | 5:11 env-name",
        "env: {A: 1}            | 5:14 wrong-type",
        "env: {A: '${'}         | 5:14 variable-syntax",
        "env: {A: \"x\\ny\"}    | 5:14 hidden-character",
        "env: [A=1]             | 5:10 wrong-type",
        "sha256: x              | 5:5 unknown-key",
      })
  void eachFaultOfAModelHasARule(String key, String problem) {
    assertEquals(
        List.of(problem),
        at(HEAD.replace("groups: [g]", key) + "      - {url: \"https://h/x\"}\n"));
  }

  @Test
  void theHomeAloneWantsQuotes() {
    Problem problem =
        errors(HEAD.replace("/opt/models", "~") + "      - {url: \"https://h/x\"}\n").get(0);
    assertEquals("dir is empty here", problem.what());
    assertEquals("write dir: \"~\"", problem.remedy());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a b", "''", "/a", "a/", "a//b", "'*'", ".a", "\"a\\u202eb\"", "5", "[a]"})
  void aModelHasAPlainName(String name) {
    List<Problem> errors = errors(HEAD.replace("a/b", name) + "      - {url: \"https://h/x\"}\n");
    assertEquals(1, errors.size(), errors.toString());
    assertEquals("3:11", errors.get(0).at().line() + ":" + errors.get(0).at().column());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "access: public  | 1:9 access",
        "home: ~         | 1:7 wrong-type",
        "home: '~/x'     | 1:7 home",
        "home: x         | 1:7 dir-relative",
        "mirrors: ['https://h/x?y=z'] | 1:11 url",
        "mirrors: ['file:..'] | 1:11 file-url",
        "mode: 644       | 1:7 mode",
        "dir-mode: 0755  | 1:11 mode",
        "modles: []      | 1:1 unknown-key",
      })
  void eachFaultAtTheTopHasARule(String key, String problem) {
    assertEquals(List.of(problem), at(key + "\n" + file("url: \"https://h/x\"")));
  }

  @Test
  void aMissingOrStrangeSchemaIsTold() {
    String rest = file("url: \"https://h/x\"").replace("schema: modelbake/1\n", "");
    assertEquals(List.of("1:1 missing-key"), at(rest));
    assertEquals(List.of("1:9 schema"), at("schema: modelbake\n" + rest));
    assertEquals(List.of("1:9 wrong-type"), at("schema: 1\n" + rest));
  }

  @Test
  void aLaterSchemaIsTheOnlyProblem() {
    Problem problem = errors("schema: modelbake/2\nnews: {}\n").get(0);
    assertEquals("schema-newer", problem.rule());
    assertEquals(
        "the manifest is of schema modelbake/2, this version knows modelbake/1", problem.what());
    assertEquals("it needs a newer modelbake", problem.remedy());
    assertEquals(List.of("1:9 schema-newer"), at("schema: modelbake/2\nnews: {}\n"));
  }

  @Test
  void aManifestWithoutModelsOrFilesIsTold() {
    assertEquals(List.of("1:1 missing-key"), at("schema: modelbake/1\n"));
    assertEquals(List.of("2:9 empty-list"), at("schema: modelbake/1\nmodels: []\n"));
    assertEquals(List.of("2:8 wrong-type"), at("schema: modelbake/1\nmodels:\n"));
    assertEquals(
        List.of("2:12 missing-key", "2:12 missing-key"),
        at("schema: modelbake/1\nmodels:  [ {} ]\n"));
    assertEquals(
        List.of("2:37 empty-list"),
        at("schema: modelbake/1\nmodels: [{name: a, dir: /m,  files: []}]\n"));
  }

  @Test
  void twoModelsOfOneNameAreToldAcrossFiles() throws IOException {
    Path one = Files.writeString(folder.resolve("1.yaml"), file("url: \"https://h/x\""));
    Path two = Files.writeString(folder.resolve("2.yaml"), file("url: \"https://h/x\""));
    ManifestException e =
        assertThrows(
            ManifestException.class,
            () -> ManifestReader.read(List.of(one, two), ShippedModels.NONE));
    Problem problem =
        e.problems().stream().filter(p -> p.rule().startsWith("dup")).findFirst().orElseThrow();
    assertEquals(two + ":3:11", problem.at().toString());
    assertEquals("the model 'a/b' is already at " + one + ":3:11", problem.what());
  }

  @Test
  void filesOfOneModelKeepOutOfEachOthersWay() {
    String b = "b".repeat(64);
    String start = HEAD + entry("x", SHA256, "");
    assertEquals(List.of("8:9 same-path"), at(start + entry("x", b, "")));
    assertEquals(List.of("8:9 same-path"), at(start + entry("./x", b, "")));
    assertEquals(List.of("8:9 same-path"), at(start + entry("x", SHA256, ", mode: \"0600\"")));
    assertEquals(List.of("8:9 path-conflict"), at(start + entry("x/y", b, "")));
    assertEquals(
        List.of("7:9 path-conflict"), at(HEAD + entry("x/y/z", b, "") + entry("x", b, "")));
    assertEquals(
        List.of("8:9 same-path"),
        at(
            start
                + entry(
                    "",
                    b,
                    ", unpack: zip, members: [{path: x, sha256: %s, size: 1}]".formatted(b))));
    assertEquals(
        List.of("7:9 tree-not-alone"),
        at(start + entry("", b, ", unpack: zip, unpacked: {tree: %s}".formatted(b))));
    assertEquals(List.of("8:9 same-path"), at(start + entry("x", b, ", unpack: zip")));
    String member = "{path: a, sha256: %s, size: 1}".formatted(b);
    assertEquals(
        List.of("7:200 duplicate-member"),
        at(HEAD + entry("t", b, ", unpack: zip, members: [%s, %s]".formatted(member, member)))
            .stream()
            .map(p -> p.replaceFirst(":\\d+ ", ":200 "))
            .toList());
  }

  private static String entry(String path, String sha256, String more) {
    return "      - {url: \"https://h/f\", path: \"%s\", sha256: %s, size: 1%s}\n"
        .formatted(path, sha256, more);
  }

  @Test
  void anArchiveHasOnePin() {
    String member = "members: [{path: x, sha256: %s, size: 1}]".formatted(SHA256);
    assertEquals(
        List.of("two-pins"),
        rules(pinned("size: 1, unpack: zip, unpacked: {tree: %s}, %s".formatted(SHA256, member))));
  }

  @Test
  void duplicateKeysAreToldEverywhere() {
    assertEquals(
        List.of("2:1 duplicate-key"), at("schema: modelbake/1\n" + file("url: \"https://h/x\"")));
    assertEquals(List.of("7:%d duplicate-key".formatted(KEY)), at(pinned("url: \"https://h/y\"")));
    assertTrue(
        errors(pinned("digests: {md5: x, 'md5': y}")).stream()
            .anyMatch(p -> p.what().equals("the key 'md5' is given twice, first on line 7")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a:\\n\\tb: 1        | 2:1 tab",
        "a: [1, 2            | 1:9 yaml-syntax",
        "a: b: c             | 1:5 yaml-syntax",
        "a: 'x               | 1:6 yaml-syntax",
        "a: \"\\q\"          | 1:6 yaml-syntax",
        "a: @x               | 1:4 yaml-syntax",
        "%YAML 2.0\\n---\\na: 1 | 1:1 yaml-syntax",
        "a: 1\\n---\\nb: 2   | 2:1 several-documents",
        "a: *x               | 1:4 unknown-alias",
        "a: &x [*x]          | 1:8 unknown-alias",
        "- a                 | 1:1 wrong-type",
        "text                | 1:1 wrong-type",
        "``                  | empty",
        "# nothing           | empty",
        "~                   | empty",
      })
  void eachFaultOfTheTextHasAPlace(String text, String problem) {
    assertEquals(List.of(problem), at(text.replace("\\n", "\n").replace("\\t", "\t")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"!!python/object/apply:os.system [ls]", "!!str x", "!local x", "! x"})
  void tagsAreRefused(String value) {
    assertTrue(rules(pinned("path: " + value)).contains("tag"), value);
  }

  @Test
  void nestingAliasesAndValuesAreBounded() {
    assertEquals(List.of("1:51 too-deep"), at("[".repeat(100_000)));
    StringBuilder bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (char c = 'b'; c <= 'z'; c++) {
      bomb.append("%c: &%c [%s]\n".formatted(c, c, ("*" + (char) (c - 1) + ",").repeat(10)));
    }
    assertEquals(List.of("too-many-values"), rules(bomb.toString()));
    StringBuilder chain = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 100; i++) {
      chain.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
    }
    assertEquals(List.of("too-deep"), rules(chain.toString()));
    assertEquals(
        List.of("too-many-aliases"), rules("a: &a x\nb: [%s]\n".formatted("*a,".repeat(10_001))));
    assertEquals(List.of("too-many-values"), rules("[%s]".formatted("1,".repeat(1_000_001))));
  }

  @Test
  void theListOfProblemsIsBounded() {
    StringBuilder text = new StringBuilder("schema: modelbake/1\nmodels: []\n");
    for (int i = 0; i < 5000; i++) {
      text.append("key").append(i).append(": 1\n");
    }
    List<Problem> errors = errors(text.toString());
    assertEquals(Problems.MOST + 1, errors.size());
    assertEquals("too-many-problems", errors.get(Problems.MOST).rule());
  }

  @Test
  void foreignTextIsMadePrintable() {
    String errors = errors(pinned("\"\\e]0;x\\a\\u202e\": 1")).toString();
    assertTrue(errors.contains("\\x1b]0;x\\x07\\u202e"), errors);
    assertFalse(errors.contains("\u001b"));
  }

  private List<Problem> errors(String text) {
    return Manifests.errors(folder, text);
  }

  private List<String> at(String text) {
    return Manifests.places(errors(text));
  }

  private List<String> rules(String text) {
    return errors(text).stream().map(Problem::rule).distinct().toList();
  }

  private void read(String text) {
    Manifests.read(folder, text);
  }
}
