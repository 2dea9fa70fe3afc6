package dev.modelbake.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.modelbake.model.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdditionTest {
  private static final NewModel MODEL =
      new NewModel(List.of(Setting.of("catalog", "rembg/u2netp")), List.of());

  @Test
  void modelsComeBehindTheLastOneInItsIndentation() {
    assertEquals(
        """
        schema: modelbake/1
        models:
            # the first
            - catalog: rembg/u2net   # why
              dir: /m
            - catalog: rembg/u2netp

        # the end
        env: {A: b}
        """,
        Addition.to(
            """
            schema: modelbake/1
            models:
                # the first
                - catalog: rembg/u2net   # why
                  dir: /m

            # the end
            env: {A: b}
            """,
            List.of(MODEL)));
  }

  @Test
  void aListWithoutIndentationIsOneToo() {
    assertEquals(
        "models:\n- catalog: a/b\n- catalog: rembg/u2netp\n",
        Addition.to("models:\n- catalog: a/b\n", List.of(MODEL)));
  }

  @Test
  void nothingToAddChangesNothing() {
    assertEquals("models: []", Addition.to("models: []", List.of()));
  }

  @Test
  void aListOnOneLineIsToldApart() {
    assertThrows(
        UsageException.class, () -> Addition.to("models: [{catalog: a/b}]\n", List.of(MODEL)));
  }
}
