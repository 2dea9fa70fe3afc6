package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("HOME", "/home/user", "TORCH_HOME", "/models/torch");

  @ParameterizedTest
  @CsvSource({
    "/home/user/.u2net/u2net.onnx, ${U2NET_HOME}/u2net.onnx",
    "/models/torch/hub/checkpoints, ${TORCH_HOME}/hub/checkpoints",
    "/home/user/.cache/huggingface/hub, ${HF_HUB_CACHE}",
    "/home/user/.cache/huggingface/x, ${HF_HOME}/x",
    "/home/user/.cache/whisper, ${XDG_CACHE_HOME}/whisper",
    "/home/user/.deepface/weights, ${DEEPFACE_HOME}/.deepface/weights",
    "/home/user/own/a, ~/own/a",
    "/usr/lib/python3/dist-packages/rapidocr/models, ${python:rapidocr}/models",
    "/home/user/.cache/venv/lib/python3.11/site-packages/rapidocr, ${python:rapidocr}",
    "/app/models/a.onnx, /app/models/a.onnx",
  })
  void aPathIsSaidInTheWordsOfAManifest(Path path, String template) {
    assertEquals(template, Places.of(ENVIRONMENT).template(path));
  }

  @Test
  void packagesOfTheUserStayWhereTheyWereSaidToBe() {
    Map<String, String> environment = Map.of("HOME", "/home/user", "PYTHONUSERBASE", "/opt/user");
    assertEquals(
        "/opt/user",
        Places.of(environment).moved(environment, Path.of("/proof")).get("PYTHONUSERBASE"));
  }

  @ParameterizedTest
  @CsvSource({
    "HOME, /proof/home",
    "TORCH_HOME, /proof/torch_home",
    "TIKTOKEN_CACHE_DIR, /proof/tiktoken",
    "PYTHONUSERBASE, /home/user/.local",
    "U2NET_HOME,",
  })
  void anEnvironmentIsLedElsewhere(String name, String value) {
    assertEquals(
        value, Places.of(ENVIRONMENT).moved(ENVIRONMENT, Path.of("/proof")).get(name), name);
  }
}
