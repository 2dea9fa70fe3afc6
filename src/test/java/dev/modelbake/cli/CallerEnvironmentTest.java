package dev.modelbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CallerEnvironmentTest {
  @Test
  void whatTheLauncherChangedIsAsItWas() {
    assertEquals(
        Map.of("PATH", "/bin", "JAVA_TOOL_OPTIONS", "-Dx=y"),
        CallerEnvironment.of(
            Map.of(
                "PATH", "/bin",
                "LC_ALL", "C.UTF-8",
                "MODELBAKE_CALLER", "1",
                "MODELBAKE_CALLER_JAVA_TOOL_OPTIONS", "-Dx=y")));
    assertEquals(
        Map.of("LC_ALL", "C"),
        CallerEnvironment.of(
            Map.of("LC_ALL", "C.UTF-8", "MODELBAKE_CALLER", "1", "MODELBAKE_CALLER_LC_ALL", "C")));
  }

  @Test
  void withoutTheLauncherNothingIsChanged() {
    Map<String, String> environment = Map.of("LC_ALL", "C.UTF-8", "JAVA_TOOL_OPTIONS", "-Dx=y");
    assertEquals(environment, CallerEnvironment.of(environment));
  }
}
