package dev.modelbake.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.modelbake.model.CredentialException;
import dev.modelbake.oci.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerConfigTest {
  private static final Repository MODELS = Repository.parse("oci://reg.example:5000/team/models");

  @TempDir Path directory;

  private static String auth(String both) {
    String base64 = Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
    return "{\"auth\": \"" + base64 + "\"}";
  }

  private static Optional<Account> find(String auths) {
    return DockerConfig.parse("config.json", "{\"auths\": {" + auths + "}}").find(MODELS);
  }

  @Test
  void theMostSpecificKeyCounts() {
    String auths =
        "\"reg.example:5000\": %s, \"reg.example:5000/team\": %s, \"reg.example\": %s"
            .formatted(auth("host:a:b"), auth("team:x"), auth("other:y"));
    assertEquals(Optional.of(new Account("team", "x")), find(auths));
    String host = "\"https://reg.example:5000/v2/\": " + auth("host:a:b");
    assertEquals(Optional.of(new Account("host", "a:b")), find(host));
    assertEquals(Optional.empty(), find("\"reg.example\": " + auth("other:y")));
  }

  @Test
  void anIdentityTokenIsNoPassword() {
    Account account = find("\"reg.example:5000\": {\"identitytoken\": \"canary\"}").orElseThrow();
    assertEquals("<token>", account.user());
    assertFalse(account.toString().contains("canary"));
  }

  @Test
  void helpersAreNamedByHostOrForAll() {
    String text = "{\"credsStore\": \"all\", \"credHelpers\": {\"reg.example:5000\": \"one\"}}";
    DockerConfig config = DockerConfig.parse("config.json", text);
    assertEquals(Optional.of("one"), config.helper(MODELS));
    assertEquals(Optional.of("all"), config.helper(Repository.parse("oci://else.example/x")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "canary",
        "[]",
        "{\"auths\": \"canary\"}",
        "{\"auths\": {\"x\": {\"auth\": \"canary!\"}}}",
        "{\"auths\": {\"x\": {\"auth\": \"Y2FuYXJ5\"}}}"
      })
  void whatIsNoConfigurationIsToldWithoutItsText(String text) {
    CredentialException failure =
        assertThrows(CredentialException.class, () -> DockerConfig.parse("config.json", text));
    assertFalse(failure.getMessage().contains("canary"), failure.getMessage());
    assertFalse(failure.getMessage().contains("Y2Fu"), failure.getMessage());
  }

  @Test
  void theFilesOfEnvironmentHomeAndSecretsAreReadInOrder() throws IOException {
    Path named = write("auth.json", "one:1");
    Path home = Files.createDirectories(directory.resolve("home"));
    Files.createDirectories(home.resolve(".docker"));
    write("home/.docker/config.json", "two:2");
    Path secrets = Files.createDirectories(directory.resolve("secrets"));
    write("secrets/docker-config.json", "three:3");
    List<DockerConfig> configs =
        DockerConfig.load(
            Map.of("REGISTRY_AUTH_FILE", named.toString()), Optional.of(home), secrets);
    assertEquals(
        List.of("one", "two", "three"),
        configs.stream().map(one -> one.find(MODELS).orElseThrow().user()).toList());
  }

  private Path write(String name, String both) throws IOException {
    return Files.writeString(
        directory.resolve(name), "{\"auths\": {\"reg.example:5000\": " + auth(both) + "}}");
  }

  @Test
  void aHelperWhoseNameCouldBeAnotherProgramIsNotRun() {
    assertThrows(CredentialException.class, () -> new CredentialHelper("f", "../../bin/x"));
    assertThrows(CredentialException.class, () -> new CredentialHelper("f", ""));
  }
}
