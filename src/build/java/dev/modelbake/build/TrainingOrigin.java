package dev.modelbake.build;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Serves the training files over TLS on loopback, with a certificate made on the spot: most models
 * come that way, and TLS is a quarter of all classes that a bake needs.
 */
final class TrainingOrigin implements AutoCloseable {
  private static final String PASSWORD = "training";

  private final HttpsServer server;
  private final Path authority;

  private TrainingOrigin(HttpsServer server, Path authority) {
    this.server = server;
    this.authority = authority;
  }

  static TrainingOrigin start(Path files, Path scratch) throws IOException, InterruptedException {
    try {
      KeyStore keys = keys(scratch.resolve("keys.p12"));
      Path authority = scratch.resolve("ca.pem");
      Files.writeString(authority, pem(keys.getCertificate("origin").getEncoded()));
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
      server.createContext("/", exchange -> answer(exchange, files));
      server.start();
      return new TrainingOrigin(server, authority);
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS for training", e);
    }
  }

  /** The URL of the directory, with a slash at its end. */
  String url() {
    return "https://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** Its certificate. */
  Path authority() {
    return authority;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static KeyStore keys(Path store)
      throws IOException, InterruptedException, GeneralSecurityException {
    String keytool = Path.of(System.getProperty("java.home"), "bin/keytool").toString();
    String make = "-genkeypair -alias origin -keyalg EC -groupname secp256r1 -dname CN=training";
    String rest = " -validity 2 -ext san=ip:127.0.0.1 -storetype PKCS12 -storepass " + PASSWORD;
    List<String> command = new ArrayList<>(List.of(keytool));
    command.addAll(List.of((make + rest).split(" ", -1)));
    command.addAll(List.of("-keystore", store.toString()));
    Run.quietly(command);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static SSLContext context(KeyStore keys) throws GeneralSecurityException {
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static String pem(byte[] certificate) {
    Base64.Encoder encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN CERTIFICATE-----\n"
        + encoder.encodeToString(certificate)
        + "\n-----END CERTIFICATE-----\n";
  }

  private static void answer(HttpExchange exchange, Path files) throws IOException {
    try (exchange) {
      byte[] bytes =
          Files.readAllBytes(files.resolve(exchange.getRequestURI().getPath().substring(1)));
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
