package dev.modelbake.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.manifest.ManifestReader;
import dev.modelbake.manifest.ShippedModels;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.Model;
import dev.modelbake.model.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinterTest {
  private static final String HEX = "ab".repeat(32);

  private static List<Manifest> read(String text) {
    return ManifestReader.read("models.yaml", Optional.empty(), text, ShippedModels.NONE)
        .manifests();
  }

  private static String manifest(String top, String model, String url) {
    return """
        schema: modelbake/1
        %s
        models:
          - name: a/b
            %s
            files: [{url: "%s", sha256: %s, size: 1}]
        """
        .formatted(top, model, url, HEX);
  }

  private static List<Problem> lint(String text, List<Model> shipped) {
    return new Linter(Set.of("U2NET_HOME"), shipped).lint(read(text));
  }

  private static List<String> rules(String top, String model, String url) {
    return lint(manifest(top, model, url), List.of()).stream().map(Problem::rule).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://raw.githubusercontent.com/o/r/main/a.onnx | moving-branch",
        "https://raw.githubusercontent.com/o/r/refs/heads/master/a.onnx | moving-branch",
        "https://github.com/o/r/raw/master/dir/a.onnx | moving-branch",
        "https://github.com/o/r/releases/latest/download/a.onnx | moving-branch",
        "https://huggingface.co/o/r/resolve/main/a.onnx | moving-branch",
        "https://github.com/o/r/blob/v1/a.onnx | page-url",
        "https://huggingface.co/o/r/blob/main/a.onnx | page-url",
        "https://huggingface.co/o/r/resolve/0123456789012345678901234567890123456789/a.onnx |",
        "https://github.com/o/r/raw/v1.0/a.onnx |",
        "https://github.com/o/main/releases/download/v1/main/a.onnx |",
        "https://files.example/main/a.onnx |",
        "https://files.example/a.pth | pickle",
        "https://files.example/a.PKL | pickle",
        "https://files.example/a.safetensors |",
      })
  void urlsThatMoveAndPicklesAreTold(String url, String rule) {
    List<String> expected = rule == null ? List.of() : List.of(rule);
    assertEquals(expected, rules("", "dir: /opt/models", url));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "owner: appuser | dir: /root/models | root-home",
        "{owner: 1000, home: /root} | dir: '~/models' | root-home",
        "owner: root | dir: /root/models |",
        "owner: appuser | dir: /rooted/models |",
        "owner: appuser | dir: '~/models' |",
        "dir-mode: \"0600\" | dir: /opt/models | unsearchable",
        "env: {U2NET_HOME: /opt/u} | dir: '${U2NET_HOME}' | final-env",
        "env: {OTHER: /opt/u} | dir: '${OTHER}' |",
      })
  void placesThatFailLaterAreTold(String top, String model, String rule) {
    List<String> expected = rule == null ? List.of() : List.of(rule);
    String lines = top.startsWith("{") ? top.replaceAll("[{}]", "").replace(", ", "\n") : top;
    assertEquals(expected, rules(lines, model, "https://files.example/a.onnx"));
  }

  @Test
  void theCatalogsSafetensorsAreNamed() {
    List<Model> shipped =
        read(manifest("", "dir: /x", "https://h.example/a.safetensors")).get(0).models();
    Problem problem = lint(manifest("", "dir: /x", "https://h.example/a.bin"), shipped).get(0);
    assertEquals("pickle", problem.rule());
    assertTrue(problem.remedy().contains("safetensors: a/b"), problem.remedy());
  }

  @Test
  void anotherCacheOfSentenceTransformersIsTold() {
    String text =
        """
        schema: modelbake/1
        env: {SENTENCE_TRANSFORMERS_HOME: /opt/st}
        models:
          - {name: a, huggingface: {repo: o/n}, files: [{path: x, sha256: %s, size: 1}]}
        """
            .formatted(HEX);
    assertEquals(
        List.of("other-cache"), lint(text, List.of()).stream().map(Problem::rule).toList());
  }

  @Test
  void aNoteIsNoWarning() {
    List<Problem> problems =
        lint(manifest("env: {U2NET_HOME: /u}", "dir: /u", "https://h.example/a.onnx"), List.of());
    assertEquals(Problem.Severity.NOTE, problems.get(0).severity());
  }
}
