package dev.modelbake.manifest;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Problem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestMutationTest {
  private static final int MUTATIONS = 2000;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 20261120})
  void aDamagedManifestIsReadOrToldButNeverAFault(long seed) {
    Mutations mutations = new Mutations(new Random(seed));
    int told = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = mutations.of(Manifests.RICH);
      try {
        ManifestReader.read(
            List.of(Path.of("-")), ShippedModels.NONE, new ByteArrayInputStream(bytes));
      } catch (ManifestException e) {
        told++;
        assertFalse(e.problems().isEmpty());
        e.problems().forEach(problem -> isPrintable(problem, bytes));
      } catch (RuntimeException | StackOverflowError e) {
        fail("mutation " + i + ": " + Base64.getEncoder().encodeToString(bytes), e);
      }
    }
    assertTrue(told > MUTATIONS / 4, "most damage is told, here " + told);
  }

  private static void isPrintable(Problem problem, byte[] bytes) {
    assertTrue(
        Characters.firstHidden(problem.toString()).isEmpty(),
        () -> problem + " in " + new String(bytes, StandardCharsets.UTF_8));
    assertFalse(problem.rule().isEmpty() || problem.what().isEmpty() || problem.remedy().isEmpty());
  }
}
