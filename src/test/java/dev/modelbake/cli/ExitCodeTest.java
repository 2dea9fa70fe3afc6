package dev.modelbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExitCodeTest {
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| ([a-z-]+) \\|(.*)\\|");

  private static String document() throws IOException {
    return Files.readString(Path.of("docs/exit-codes.md"));
  }

  @Test
  void theDocumentAndTheCodesAgree() throws IOException {
    Map<String, Integer> documented = new LinkedHashMap<>();
    for (String line : document().lines().toList()) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        assertEquals(3, row.group(3).split(" \\| ", -1).length, line);
        documented.put(row.group(2), Integer.valueOf(row.group(1)));
      }
    }
    Map<String, Integer> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(code.name().toLowerCase(Locale.ROOT).replace('_', '-'), code.number());
    }
    assertEquals(List.copyOf(codes.entrySet()), List.copyOf(documented.entrySet()));
  }

  @Test
  void theDocumentHasTheOrderOfGravity() throws IOException {
    List<String> numbers =
        Arrays.stream(FailureKind.values())
            .map(kind -> String.valueOf(ExitCode.of(kind).number()))
            .toList();
    assertTrue(document().contains("gravest of " + String.join(" > ", numbers) + "."));
  }

  @ParameterizedTest
  @EnumSource(FailureKind.class)
  void everyKindOfFailureHasACodeOfItsOwnName(FailureKind kind) {
    assertEquals(kind.name(), ExitCode.of(kind).name());
  }
}
