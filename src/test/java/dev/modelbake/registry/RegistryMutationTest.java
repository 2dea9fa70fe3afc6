package dev.modelbake.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.modelbake.model.CredentialException;
import dev.modelbake.oci.Repository;
import dev.modelbake.testing.Mutants;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryMutationTest {
  private static final Repository MODELS = Repository.parse("oci://reg.example:5000/team/models");

  @Test
  void noMutationOfAChallengeBreaksTheReader() {
    Mutants.of(
            "Bearer realm=\"https://auth.example/token\",service=\"x\",scope=\"a:b:pull,push\"",
            "Basic realm=\"r\", Bearer realm=\"https://x\", service=s",
            "Digest qop=\"auth\", nonce=\"\\\"\", Negotiate dG9rZW4=")
        .with("Bearer ", "realm=", "\"", "\\\"", ",,", "=")
        .readAsTexts(text -> Challenge.parse(List.of(text, text)));
  }

  @Test
  void noMutationOfADockerConfigBreaksTheReader() {
    Mutants.of(
            """
            {"auths": {"https://reg.example:5000/v2/": {"auth": "aG9zdDphOmI="},
              "reg.example:5000/team": {"identitytoken": "t"}, "other": {}},
              "credsStore": "all", "credHelpers": {"reg.example:5000": "one"}}
            """)
        .with("\"auth\": ", "{}", "null", "\"credHelpers\": ", "AAAA")
        .readAsTexts(
            text -> {
              try {
                DockerConfig config = DockerConfig.parse("config.json", text);
                config.find(MODELS);
                config.helper(MODELS);
              } catch (CredentialException e) {
                e.explanation();
              }
            });
  }

  @Test
  void aPasswordOfZerosIsReadInTheTimeOfItsLength() {
    byte[] both = ("u:" + "\0".repeat(600_000) + "x").getBytes(UTF_8);
    String auth = Base64.getEncoder().encodeToString(both);
    Mutants.of("{\"auths\": {\"reg.example:5000\": {\"auth\": \"" + auth + "\"}}}")
        .read(0, bytes -> DockerConfig.parse("c", new String(bytes, UTF_8)));
  }

  @Test
  void noMutationOfARepositoryBreaksTheReader() {
    Mutants.of("oci://reg.example:5000/team/models", "oci://[::1]:5000/a-b_c.d/e")
        .with("//", "@", "?", "#", ":0", ":99999", "%2e", "oci://")
        .readAsTexts(
            text -> {
              try {
                Repository.parse(text);
              } catch (IllegalArgumentException e) {
                assertNotNull(e.getMessage());
              }
            });
  }
}
