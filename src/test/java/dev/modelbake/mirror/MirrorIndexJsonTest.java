package dev.modelbake.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.mirror.MirrorIndex.MirrorFile;
import dev.modelbake.mirror.MirrorIndex.MirrorModel;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.MirrorException;
import dev.modelbake.testing.FaultCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MirrorIndexJsonTest {
  private static MirrorIndex index(int models, int files) {
    List<MirrorModel> all = new ArrayList<>();
    for (int m = 0; m < models; m++) {
      List<MirrorFile> some = new ArrayList<>();
      for (int f = 0; f < files; f++) {
        Digest digest = Digest.ofBytes((m + "/" + f).getBytes(UTF_8));
        String url = "https://origin.example/" + m + "/" + f;
        some.add(new MirrorFile("dir/f" + f, Descriptor.of(digest, f), Optional.of(url)));
      }
      all.add(new MirrorModel("org/m" + m, Optional.of("MIT"), some));
    }
    return new MirrorIndex("models", 7, all, List.of());
  }

  private static MirrorIndex read(String text) {
    return MirrorIndexJson.read("test", text.getBytes(UTF_8));
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    MirrorIndex index = index(3, 4);
    byte[] bytes = MirrorIndexJson.write(index);
    assertEquals(index, MirrorIndexJson.read("test", bytes));
    assertArrayEquals(bytes, MirrorIndexJson.write(MirrorIndexJson.read("test", bytes)));
  }

  @Test
  void twentyThousandFilesAreNoMatter() {
    MirrorIndex index = index(1000, 20);
    assertEquals(20_000, MirrorIndexJson.read("test", MirrorIndexJson.write(index)).blobs().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "a/../../x",
        "/etc/passwd",
        "a//b",
        "./a",
        "a/.",
        "",
        "a\\\\..\\\\b",
        ".."
      })
  @FaultCase(54)
  void aPathThatLeavesItsPlaceIsRefused(String path) {
    String text = new String(MirrorIndexJson.write(index(1, 1)), UTF_8);
    MirrorException failure =
        assertThrows(
            MirrorException.class,
            () -> read(text.replace("\"path\": \"dir/f0\"", "\"path\": \"" + path + "\"")));
    FailureKind expected = path.isEmpty() ? FailureKind.INTEGRITY : FailureKind.REFUSED;
    assertEquals(expected, failure.kind());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "{}",
        "{\"schema\": \"modelbake-index/2\", \"name\": \"a\", \"counter\": 1, \"models\": []}",
        "{\"schema\": \"modelbake-index/1\", \"name\": \"a\", \"models\": []}",
        "{\"schema\": \"modelbake-index/1\", \"name\": \"a\", \"counter\": -1, \"models\": []}",
        "{\"schema\": \"modelbake-index/1\", \"name\": \"\", \"counter\": 1, \"models\": []}",
        "{\"schema\": \"modelbake-index/1\", \"name\": \"a\", \"counter\": 1}",
        "{\"schema\": \"modelbake-index/1\", \"name\": \"a\", \"counter\": 1, \"models\": [7]}"
      })
  void whatIsNoIndexIsTold(String text) {
    assertEquals(
        FailureKind.INTEGRITY, assertThrows(MirrorException.class, () -> read(text)).kind());
  }

  @Test
  void aModelOrAPathThatIsThereTwiceIsNoIndex() {
    String text = new String(MirrorIndexJson.write(index(2, 2)), UTF_8);
    assertThrows(MirrorException.class, () -> read(text.replace("org/m1", "org/m0")));
    assertThrows(MirrorException.class, () -> read(text.replace("dir/f1", "dir/f0")));
  }

  @Test
  void noMutationOfAnIndexBreaksTheReader() {
    Random random = new Random(11);
    byte[] good = MirrorIndexJson.write(index(2, 2));
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = good.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        MirrorIndexJson.read("test", bytes);
      } catch (MirrorException e) {
        refused++;
      }
    }
    assertTrue(refused > 1000, "most mutations are noticed");
  }
}
