package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Digest;
import dev.modelbake.testing.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;

/** What a warm-up needs: an origin with TLS, an empty home, packages that a test writes. */
final class WarmUp implements AutoCloseable {
  static final String PYTHON = "/usr/bin/python3";

  private final Path work;
  private final MockWebServer server = new MockWebServer();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> served = new ConcurrentHashMap<>();

  /** Begins to serve; the directory gets a home and the certificate of the authority. */
  WarmUp(Path work) throws IOException {
    this.work = work;
    HeldCertificate authority = new HeldCertificate.Builder().certificateAuthority(0).build();
    HeldCertificate own =
        new HeldCertificate.Builder()
            .signedBy(authority)
            .addSubjectAlternativeName("localhost")
            .build();
    server.useHttps(
        new HandshakeCertificates.Builder()
            .heldCertificate(own, authority.certificate())
            .build()
            .sslSocketFactory());
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            asked.add(request.getUrl().encodedPath());
            return answer(request.getUrl().encodedPath());
          }
        });
    server.start();
    Files.writeString(work.resolve("ca.pem"), authority.certificatePem());
    Files.createDirectories(work.resolve("home"));
  }

  @Override
  public void close() {
    server.close();
  }

  /** As hosts of releases do: a stable address leads to a signed one. */
  private MockResponse answer(String path) {
    String release = "/release/";
    if (path.startsWith(release)) {
      String signed = "/" + path.substring(release.length()) + "?X-Amz-Signature=signed";
      return new MockResponse.Builder().code(302).setHeader("Location", signed).build();
    }
    byte[] body = served.get(path);
    return body == null
        ? new MockResponse.Builder().code(404).build()
        : new MockResponse.Builder().body(new Buffer().write(body)).build();
  }

  /** Bodies by path. */
  Map<String, byte[]> served() {
    return served;
  }

  /** The paths that were asked for, in order. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  String origin() {
    return "https://localhost:" + server.getPort();
  }

  byte[] serve(String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    served.put(path, bytes);
    return bytes;
  }

  static String hex(byte[] bytes) {
    return Digest.ofBytes(bytes).hex();
  }

  Program record(Object... words) {
    String authority = work.resolve("ca.pem").toString();
    return Launcher.in(work, "record")
        .and(words)
        .with("HOME", work.resolve("home").toString())
        .with("ORIGIN", origin())
        .with("HF_ENDPOINT", origin())
        .with("PYTHONPATH", work.resolve("site-packages").toString())
        .with("PYTHONDONTWRITEBYTECODE", "1")
        .with("SSL_CERT_FILE", authority)
        .with("REQUESTS_CA_BUNDLE", authority)
        .with("CURL_CA_BUNDLE", authority)
        .with("NODE_EXTRA_CA_CERTS", authority)
        .with("XDG_CACHE_HOME", "")
        .with("HF_HOME", "");
  }

  void library(String name, String code) throws IOException {
    Path directory = Files.createDirectories(work.resolve("site-packages").resolve(name));
    Files.writeString(directory.resolve("__init__.py"), code);
  }

  String manifest() throws IOException {
    return Files.readString(work.resolve("models.yaml"));
  }

  static void assertSaid(Program.Ended ended, String... texts) {
    for (String text : texts) {
      assertTrue(ended.err().contains(text), () -> "no word of '" + text + "' in " + ended);
    }
  }

  void lint() {
    Launcher.in(work, "lint", "models.yaml").run().ok();
  }
}
