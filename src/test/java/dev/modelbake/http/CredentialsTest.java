package dev.modelbake.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.CredentialException;
import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.HostRules;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.testing.FaultCase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  private static final String CANARY = "canary-3f9a";

  @TempDir Path directory;
  private Path home;
  private Path secrets;

  @BeforeEach
  void makeDirectories() throws IOException {
    home = Files.createDirectory(directory.resolve("home"));
    secrets = Files.createDirectory(directory.resolve("secrets"));
  }

  private Credentials load(Map<String, String> environment, Optional<Path> headersFile) {
    Places places = new Places(Optional.of(home), secrets, List.of(), headersFile);
    return Credentials.load(
        new HttpSettings(environment, places, Set.of(), HostRules.ANY, Limits.DEFAULT));
  }

  private Credentials load(Map<String, String> environment) {
    return load(environment, Optional.empty());
  }

  private static Map<String, String> headers(Credentials credentials, String url) {
    return credentials.headersFor(SourceUrl.parse(url));
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "https://huggingface.co/a/b, true",
    "https://HuggingFace.co:443/a/b, true",
    "https://huggingface.co:8443/a, false",
    "http://huggingface.co/a, false",
    "https://cdn.huggingface.co/a, false",
    "https://huggingface.co.evil.example/a, false",
    "https://elsewhere.example/a, false"
  })
  void theHubTokenGoesToTheHubOnly(String url, boolean sent) {
    Map<String, String> headers = headers(load(Map.of("HF_TOKEN", CANARY)), url);
    assertEquals(sent ? Map.of("Authorization", "Bearer " + CANARY) : Map.of(), headers);
  }

  @Test
  void theHubIsWhereItsVariableSays() {
    Credentials credentials =
        load(Map.of("HF_TOKEN", CANARY, "HF_ENDPOINT", "https://hub.example:8443/"));
    assertEquals(1, headers(credentials, "https://hub.example:8443/x").size());
    assertEquals(0, headers(credentials, "https://huggingface.co/x").size());
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8081, http://127.0.0.1:8081/x, true",
    "http://127.0.0.1:8081/api/hf/, http://127.0.0.1:8081/api/hf/x, true",
    "http://127.0.0.1:8081, http://127.0.0.1:8082/x, false",
    "http://127.0.0.1:8081, https://127.0.0.1:8081/x, false",
    "http://hub.example, http://hub.example/x, false",
    "http://hub.example, https://hub.example/x, false"
  })
  void theHubTokenGoesOverPlainHttpOnlyOnThisMachine(String endpoint, String url, boolean sent) {
    Credentials credentials = load(Map.of("HF_TOKEN", CANARY, "HF_ENDPOINT", endpoint));
    assertEquals(sent ? 1 : 0, headers(credentials, url).size());
  }

  @Test
  void theTokenThatALoginLeftInTheHomeIsNotRead() throws IOException {
    Path cache = Files.createDirectories(home.resolve(".cache/huggingface"));
    Files.writeString(cache.resolve("token"), CANARY);
    Path other = Files.createDirectory(directory.resolve("hf"));
    Files.writeString(other.resolve("token"), CANARY);
    Credentials credentials = load(Map.of("HF_HOME", other.toString()));
    assertEquals(Map.of(), headers(credentials, "https://huggingface.co/x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"not a url", "ftp://x/", "https://user:canary-3f9a@hub/"})
  void anEndpointThatIsNoServerIsSaidWithoutQuotingIt(String value) {
    EnvironmentException e =
        assertThrows(EnvironmentException.class, () -> load(Map.of("HF_ENDPOINT", value)));
    assertFalse(text(e).contains(CANARY));
  }

  @Test
  @FaultCase(150)
  void aTokenComesFromVariableThenFileThenSecret() throws IOException {
    Files.writeString(secrets.resolve("hf_token"), "from-secret\n");
    Path file = Files.writeString(directory.resolve("token"), "\ufefffrom-file\r\n");
    String url = "https://huggingface.co/x";
    assertEquals(
        "Bearer from-secret", headers(load(Map.of("HF_TOKEN", "")), url).get("Authorization"));
    Map<String, String> both = Map.of("HF_TOKEN_PATH", file.toString());
    assertEquals("Bearer from-file", headers(load(both), url).get("Authorization"));
    Map<String, String> all = Map.of("HF_TOKEN_PATH", file.toString(), "HF_TOKEN", " direct\n");
    assertEquals("Bearer direct", headers(load(all), url).get("Authorization"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "canary-3f9a\nsecond", "canary-3f9a\r\nX: y", "canary-3f9aé"})
  @FaultCase(151)
  void aTokenThatIsNoneIsSaidWithoutQuotingIt(String token) throws IOException {
    Files.writeString(secrets.resolve("hf_token"), token);
    EnvironmentException e = assertThrows(EnvironmentException.class, () -> load(Map.of()));
    assertEquals(FailureKind.CONFIGURATION, e.kind());
    assertFalse(text(e).contains(CANARY));
  }

  @Test
  @FaultCase(148)
  void netrcIsUsedForItsMachineAndNeverItsDefault() throws IOException {
    Files.writeString(
        home.resolve(".netrc"),
        """
        # a comment with machine words
        machine a.example login "us er" password "p\\"w" account x
        macdef init
        machine macro.example login u password p

        machine b.example
          password pw
        machine none.example login u
        machine a.example login second password second
        default login u password p
        """);
    Credentials credentials = load(Map.of());
    assertEquals(
        Map.of("Authorization", basic("us er:p\"w")),
        headers(credentials, "https://A.example:8443/x"));
    assertEquals(
        Map.of("Authorization", basic(":pw")), headers(credentials, "https://b.example/x"));
    for (String host : new String[] {"none", "other", "macro"}) {
      assertEquals(Map.of(), headers(credentials, "https://" + host + ".example/x"));
    }
    assertEquals(Map.of(), headers(credentials, "http://a.example/x"));
  }

  @Test
  void theVariableNamesAnotherNetrcAndTheSecretIsReadToo() throws IOException {
    Files.writeString(home.resolve(".netrc"), "machine a.example login home password p");
    Files.writeString(secrets.resolve("netrc"), "machine b.example login secret password p");
    Path other =
        Files.writeString(directory.resolve("n"), "machine a.example login other password p");
    Credentials credentials = load(Map.of("NETRC", other.toString()));
    assertEquals(basic("other:p"), headers(credentials, "https://a.example/").get("Authorization"));
    assertEquals(
        basic("secret:p"), headers(credentials, "https://b.example/").get("Authorization"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"machine a login \"canary-3f9a", "canary-3f9a", "machine a canary-3f9a"})
  void aBrokenNetrcIsSaidWithoutQuotingIt(String text) throws IOException {
    Files.writeString(home.resolve(".netrc"), text);
    CredentialException e = assertThrows(CredentialException.class, () -> load(Map.of()));
    assertFalse(text(e).contains(CANARY));
  }

  @Test
  @FaultCase(147)
  void headersAreBoundToSchemeHostAndPort() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("headers"),
            """
            # mirror
            https://a.example/ PRIVATE-TOKEN: canary-3f9a
            https://a.example:8443 Authorization: Bearer x y

            http://127.0.0.1:81/ X-Key: k
            """);
    Credentials credentials = load(Map.of(), Optional.of(file));
    assertEquals(
        Map.of("PRIVATE-TOKEN", CANARY), headers(credentials, "https://a.example/deep/path?q"));
    assertEquals(
        Map.of("Authorization", "Bearer x y"), headers(credentials, "https://a.example:8443/"));
    assertEquals(Map.of("X-Key", "k"), headers(credentials, "http://127.0.0.1:81/"));
    assertEquals(Map.of(), headers(credentials, "http://127.0.0.1/"));
    assertEquals(Map.of(), headers(credentials, "http://a.example/"));
  }

  @Test
  void theHeadersFileWinsOverTokenAndNetrc() throws IOException {
    Files.writeString(
        secrets.resolve("modelbake_headers"), "https://huggingface.co/ authorization: Own x\n");
    Files.writeString(home.resolve(".netrc"), "machine huggingface.co login u password p");
    Map<String, String> headers =
        headers(load(Map.of("HF_TOKEN", CANARY)), "https://huggingface.co/x");
    assertEquals(Map.of("authorization", "Own x"), headers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canary-3f9a",
        "https://a.example/ canary-3f9a",
        "https://a.example/path X: canary-3f9a",
        "https://a.example/?q X: canary-3f9a",
        "http://a.example/ X: canary-3f9a",
        "https://a.example/ X y: canary-3f9a",
        "https://a.example/ X: canary-3f9a\u0007",
        "https://a.example/ Host: canary-3f9a",
        "https://a.example/ Range: canary-3f9a",
        "https://u:canary-3f9a@a.example/ X: y",
        "file:///x X: canary-3f9a"
      })
  void aLineThatIsNoHeaderForAnOriginIsSaidWithItsNumberOnly(String line) throws IOException {
    Path file = Files.writeString(directory.resolve("headers"), "# first\n" + line + "\n");
    CredentialException e =
        assertThrows(CredentialException.class, () -> load(Map.of(), Optional.of(file)));
    assertTrue(e.toString().contains("line 2"), e.toString());
    assertFalse(text(e).contains(CANARY), text(e));
  }

  @Test
  void aHeadersFileThatIsNamedMustBeThere() {
    Path none = directory.resolve("none");
    CredentialException e =
        assertThrows(CredentialException.class, () -> load(Map.of(), Optional.of(none)));
    assertEquals(FailureKind.AUTHENTICATION, e.kind());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hf_token", "netrc", "modelbake_headers"})
  void aSecretThatCannotBeReadIsSaidWithTheMountsOption(String name) throws IOException {
    // A loop of links exists and cannot be read, even by root.
    Files.createSymbolicLink(secrets.resolve(name), Path.of(name));
    CredentialException e = assertThrows(CredentialException.class, () -> load(Map.of()));
    assertTrue(e.toString().contains("uid="), e.toString());
    assertTrue(e.toString().contains(name), e.toString());
  }

  @Test
  void aDirectoryInPlaceOfASecretIsSaid() throws IOException {
    Files.createDirectory(secrets.resolve("hf_token"));
    assertThrows(CredentialException.class, () -> load(Map.of()));
  }

  private static String text(BakeException e) {
    StringBuilder all = new StringBuilder();
    for (Throwable t = e; t != null; t = t.getCause()) {
      all.append(t).append('\n');
    }
    return all.toString();
  }

  @Test
  void aHomeThatIsNoneHasNoNetrc() throws IOException {
    home = Files.createFile(directory.resolve("no-home"));
    assertEquals(Map.of(), headers(load(Map.of()), "https://host.example/a"));
  }

  @Test
  void aNamedFileThatNobodyCanLookAtIsSaid() throws IOException {
    // A loop of links cannot be walked, even by root.
    Path file =
        Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop")).resolve("netrc");
    for (String name : List.of("NETRC", "HF_TOKEN_PATH")) {
      CredentialException e =
          assertThrows(CredentialException.class, () -> load(Map.of(name, file.toString())));
      assertEquals(
          "this user may not search the directories that lead to it", e.explanation().happened());
    }
  }
}
