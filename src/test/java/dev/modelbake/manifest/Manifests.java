package dev.modelbake.manifest;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.modelbake.manifest.ManifestReader.Reading;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Manifests for tests, and what came of reading them. */
final class Manifests {
  /** What damages a manifest in ways of its own. */
  static final List<String> WORDS =
      List.of(
          "",
          " ",
          "\n",
          "\t",
          "\r",
          "\0",
          ":",
          "- ",
          "[",
          "]",
          "{",
          "}",
          "\"",
          "'",
          "#",
          "&a ",
          "*a",
          "<<: ",
          "!!int ",
          "? ",
          "| ",
          "> ",
          "%YAML 1.1\n",
          "---\n",
          "...\n",
          "null",
          "~",
          "true",
          "-1",
          "0x1F",
          "1e3",
          ".inf",
          "9999999999999999999999",
          "${",
          "${A}",
          "${A:-b}",
          "..",
          "/",
          "\\",
          "%00",
          "%",
          "@",
          "file:x",
          "oci://h/r",
          "https://h/x",
          "\u202e",
          "\ud83d\ude00",
          "\ufeff",
          "\u0085",
          "\\ud800",
          "\\x00",
          "unpack: zip",
          "unpack: gz",
          "members: []",
          "path: x",
          "size: 0",
          "sha256: " + "0".repeat(64),
          "{hex}",
          "a".repeat(300));

  static final String SHA256 = "a".repeat(64);

  private Manifests() {}

  /** Lines 1 to 6 of a manifest that a file entry of one line may follow as line 7, column 9. */
  static final String HEAD =
      """
      schema: modelbake/1
      models:
        - name: a/b
          dir: /opt/models
          groups: [g]
          files:
      """;

  /** A manifest that uses every key. */
  static final String RICH =
      """
      schema: modelbake/1
      owner: appuser:models   # a comment
      home: /home/appuser
      env:
        HF_HOME: /opt/models/huggingface
        U2NET_HOME: ${XDG_DATA_HOME:-~}/.u2net
      mirrors:
        - https://mirror.example/models/{algorithm}/{hex}
        - https://mirror.example/store
        - oci://registry.example/project/models
      mode: "0640"
      dir-mode: "2750"
      models:
        - name: dlib/shape-predictor-68
          license: CC0-1.0
          homepage: https://github.com/davisking/dlib-models
          dir: ${U2NET_HOME}
          owner: 1000
          groups: [faces, &g landmarks]
          mode: "0664"
          dir-mode: "2775"
          layout: flat
          env: {HF_HUB_OFFLINE: "1", 'A_1': no}
          files:
            - url: http://dlib.net/files/shape.dat.bz2
              mirrors: ["https://m.example/{name}/{path}", 'https://m.example/x?y=z']
              mode: "0600"
              sha256: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
              size: 64040097
              digests: {md5: c09ddc2e0104f800e3e1bb4652583d1f}
              unpack: bz2
              max-size: 512MiB
              unpacked:
                sha256: sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
                size: 99693937
                mirrors: [https://m.example/shape.dat]
        - name: nltk/stopwords
          dir: ~/nltk_data
          groups: [*g]
          files:
            - url: https://h.example/stopwords.zip
              path: corpora/stopwords
              sha256: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
              size: 34276
              unpack: zip
              strip: 1
              include: ["*", "de/**"]
              max-files: 100
              max-size: 1048576
              links: internal
              unpacked: {tree: cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc, files: 31, size: 9}
            - url: https://h.example/tagger.tar.gz
              unpack: tar.gz
              path: taggers
              members:
                - {path: a.pickle, sha256: dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd, size: 2}
                - path: "b/c"
                  sha256: eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee
            - url: https://h.example/plain.onnx
      """;

  /** A manifest whose one file entry, on line 7 in flow style, has these keys. */
  static String file(String keys) {
    return HEAD + "      - {" + keys + "}\n";
  }

  /** A manifest whose one pinned file, on line 7, has these further keys at column 100. */
  static String pinned(String keys) {
    return file("url: \"https://h/x\", sha256: " + SHA256 + ", " + keys);
  }

  static Reading read(Path folder, String text) {
    return ManifestReader.read(List.of(write(folder, text)), ShippedModels.NONE);
  }

  static Path write(Path folder, String text) {
    try {
      return Files.write(folder.resolve("models.yaml"), text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The errors of a manifest that cannot be used. */
  static List<Problem> errors(Path folder, String text) {
    return assertThrows(ManifestException.class, () -> read(folder, text), text).problems().stream()
        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
        .toList();
  }

  /** Each problem as {@code line:column rule}; only the rule when the whole file is meant. */
  static List<String> places(List<Problem> problems) {
    return problems.stream()
        .map(
            problem ->
                problem.at().line() == 0
                    ? problem.rule()
                    : problem.at().line() + ":" + problem.at().column() + " " + problem.rule())
        .toList();
  }
}
