package dev.modelbake.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Gives tokens for a registry to one user (Distribution, token authentication). */
public final class TokenServer implements AutoCloseable {
  private static final String SERVICE = "models";

  /** Every scope that was asked for. */
  public final List<String> scopes = new CopyOnWriteArrayList<>();

  private final HttpServer server;
  private final PrivateKey key;
  private final String certificate;
  private final Path directory;
  private final String login;

  public TokenServer(Path directory, String user, String password)
      throws IOException, GeneralSecurityException {
    this.directory = directory;
    login = "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    Program.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=tokens",
            "-days",
            "2",
            "-keyout",
            "token.key",
            "-out",
            "token.pem")
        .in(directory)
        .run()
        .ok();
    key =
        KeyFactory.getInstance("RSA")
            .generatePrivate(new PKCS8EncodedKeySpec(pem(directory.resolve("token.key"))));
    certificate = Base64.getEncoder().encodeToString(pem(directory.resolve("token.pem")));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/token", this::answer);
    server.start();
  }

  private static byte[] pem(Path file) throws IOException {
    String base64 = Files.readString(file).replaceAll("-----[^-]+-----", "");
    return Base64.getMimeDecoder().decode(base64);
  }

  /** What the configuration of the registry must say. */
  public String configuration() {
    return "auth: {token: {realm: \"http://127.0.0.1:%d/token\", service: %s, issuer: tokens, %s}}\n"
        .formatted(
            server.getAddress().getPort(),
            SERVICE,
            "rootcertbundle: " + directory.resolve("token.pem"));
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (!login.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      FakeRegistry.send(exchange, 401, new byte[0]);
      return;
    }
    List<String> asked = new ArrayList<>();
    for (String pair : exchange.getRequestURI().getRawQuery().split("&", -1)) {
      if (pair.startsWith("scope=")) {
        asked.add(URLDecoder.decode(pair.substring("scope=".length()), UTF_8));
      }
    }
    scopes.addAll(asked);
    FakeRegistry.send(exchange, 200, ("{\"token\": \"" + token(asked) + "\"}").getBytes(UTF_8));
  }

  private String token(List<String> asked) {
    long now = Instant.now().getEpochSecond();
    String head = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"" + certificate + "\"]}";
    String claims =
        "{\"iss\":\"tokens\",\"sub\":\"user\",\"aud\":\"%s\",\"exp\":%d,\"nbf\":%d,\"iat\":%d,\"jti\":\"%d\",\"access\":[%s]}"
            .formatted(SERVICE, now + 60, now - 10, now, System.nanoTime(), access(asked));
    String text = base64(head.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(text.getBytes(UTF_8));
      return text + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  private static String access(List<String> asked) {
    return asked.stream()
        .map(scope -> scope.split(":", 3))
        .map(
            part ->
                "{\"type\":\"%s\",\"name\":\"%s\",\"actions\":[%s]}"
                    .formatted(
                        part[0],
                        part[1],
                        List.of(part[2].split(",", -1)).stream()
                            .map(action -> "\"" + action + "\"")
                            .collect(Collectors.joining(","))))
        .collect(Collectors.joining(","));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
