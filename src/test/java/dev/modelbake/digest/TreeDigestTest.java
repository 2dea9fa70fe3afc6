package dev.modelbake.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.model.Digest;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TreeDigestTest {
  @Test
  void itIsWhatSha256sumSortAndSha256sumGive() {
    // printf a > 1; printf b > 2; sha256sum 1 2 | LC_ALL=C sort | sha256sum
    Map<String, Digest> files =
        Map.of(
            "1",
            Digest.sha256("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
            "2",
            Digest.sha256("3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"));
    assertEquals(
        Digest.sha256("71de79a912f130e46f8b89168c5cf61e7ad6566b8c82dc82df800ab411562c77"),
        TreeDigest.of(files));
  }

  @Test
  void aTreeWithoutFilesHasTheDigestOfNothing() {
    assertEquals(Digest.OF_NOTHING, TreeDigest.of(Map.of()));
  }
}
