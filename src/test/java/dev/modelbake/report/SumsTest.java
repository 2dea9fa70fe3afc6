package dev.modelbake.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import dev.modelbake.model.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SumsTest {
  @Test
  void linesAreSortedByPath() {
    assertEquals(
        "01".repeat(32) + "  /a/x\n" + "02".repeat(32) + "  /b\n", Sums.of(Samples.receipt()));
  }

  @Test
  void aBlobOfACacheGoesByEachLinkToItAndAnArchivesFileByItself() {
    assertEquals(
        "01".repeat(32)
            + "  /hf/models--o--n/snapshots/c/x\n"
            + "01".repeat(32)
            + "  /hf/models--o--n/snapshots/c/y\n"
            + "02".repeat(32)
            + "  /t/real\n",
        Sums.of(Samples.receiptOfCache()));
  }

  @Test
  void sha256sumItselfAcceptsThemWhateverTheNames(@TempDir Path folder) throws Exception {
    List<Receipt.Entry> entries = new ArrayList<>();
    for (String name :
        List.of("plain", "two words", "back\\slash", "line\nend", "both\\n\n", "é")) {
      Path file = Files.writeString(folder.resolve(name), name);
      entries.add(
          new Receipt.Entry(file.toString(), "m/f", sha256(file), 1, Samples.APP, Samples.FILE));
    }
    Path sums = Files.writeString(folder.resolve("SHA256SUMS"), Sums.of(new Receipt(entries)));
    Process check =
        new ProcessBuilder("sha256sum", "-c", "--strict", sums.toString())
            .redirectErrorStream(true)
            .start();
    String says = new String(check.getInputStream().readAllBytes(), UTF_8);
    assertEquals(true, check.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, check.exitValue(), says);
  }

  private static Digest sha256(Path file) throws IOException, NoSuchAlgorithmException {
    byte[] value = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return Digest.of(DigestAlgorithm.SHA256, value);
  }
}
