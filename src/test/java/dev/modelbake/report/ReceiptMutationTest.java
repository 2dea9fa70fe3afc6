package dev.modelbake.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Receipt;
import dev.modelbake.testing.Mutants;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReceiptMutationTest {
  @Test
  void aDamagedReceiptIsReadOrToldAndItsPathsArePaths() {
    String file =
        """
        {"path": "/opt/m/a", "file": "m/a", "digest": "sha256:%s", "size": 7, "uid": 0,
         "gid": 0, "mode": "0644"}
        """
            .formatted("0123456789abcdef".repeat(4));
    String receipt =
        """
        {"schema": "%s", "files": [%s],
         "links": [{"path": "/opt/m/l", "file": "m/l", "target": "a", "uid": 1, "gid": 1}],
         "directories": [{"path": "/opt/m", "name": "m", "uid": 1, "gid": 1, "mode": "0755"}]}
        """
            .formatted(ReceiptJson.SCHEMA, file);
    Mutants.of(receipt)
        .with("\"path\": ", "/../", "\"mode\": \"7777\"", "\"uid\": ", "[]", "sha256:", "\\ud800")
        .read(
            bytes -> {
              try {
                isUsable(ReceiptReader.read("receipt", bytes, ReceiptReader.BOUNDS));
              } catch (ManifestException e) {
                assertFalse(e.problems().isEmpty());
              }
            });
  }

  private static void isUsable(Receipt receipt) {
    receipt.entries().forEach(file -> isPath(file.path()));
    receipt.links().forEach(link -> isPath(link.path()));
    receipt.directories().forEach(directory -> isPath(directory.path()));
  }

  private static void isPath(String text) {
    assertEquals(text, Path.of(text).normalize().toString());
  }
}
