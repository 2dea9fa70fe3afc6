package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each client against an origin with TLS on loopback: under guard it works, and is no attempt. */
class GuardClientsIT {
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir Path work;
  private final MockWebServer server = new MockWebServer();

  @BeforeEach
  void serve() throws IOException {
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
            boolean git = request.getUrl().encodedPath().endsWith("/info/refs");
            return new MockResponse.Builder().body(git ? "" : "a model").build();
          }
        });
    server.start();
    Files.writeString(work.resolve("ca.pem"), authority.certificatePem());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Program.Ended guarded(Object... command) {
    String authority = work.resolve("ca.pem").toString();
    return Launcher.in(work, "guard", "--")
        .and(command)
        .with("PYTHONPATH", "")
        .with("ORIGIN", "https://localhost:" + server.getPort())
        .with("SSL_CERT_FILE", authority)
        .with("REQUESTS_CA_BUNDLE", authority)
        .with("CURL_CA_BUNDLE", authority)
        .with("GIT_SSL_CAINFO", authority)
        .with("NODE_EXTRA_CA_CERTS", authority)
        .run();
  }

  private void assertServed(Program.Ended ended) {
    assertEquals("a model\n", ended.out(), ended::toString);
    assertEquals(0, ended.exit(), ended::toString);
    assertTrue(ended.err().contains("no attempt was seen"), ended::toString);
    assertEquals(1, server.getRequestCount(), ended::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "urllib.request | print(urllib.request.urlopen(u).read().decode())",
        "requests | print(requests.get(u).text)",
        "urllib3 | print(urllib3.PoolManager(ca_certs='ca.pem').request('GET', u).data.decode())",
        "httpx | print(httpx.get(u, verify='ca.pem').text)",
        "pooch | print(open(pooch.retrieve(u, None, path='.')).read())",
        "torch.hub | torch.hub.download_url_to_file(u, 'x', progress=False); print(open('x').read())"
      })
  void everyClientOfPythonReachesLoopback(String module, String code) {
    Peers.requirePython(PYTHON, module);
    assertServed(
        guarded(
            PYTHON,
            "-c",
            "import os, %s\nu = os.environ['ORIGIN'] + '/a'\n%s".formatted(module, code)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "curl | curl -sSf \"$ORIGIN/a\"; echo",
        "curl | curl -sSf --noproxy '' --proxy \"$https_proxy\" \"$ORIGIN/a\"; echo",
        "node | node -e 'require(\"https\").get(process.env.ORIGIN + \"/a\", a => { a.pipe(process.stdout); a.on(\"end\", () => console.log()) })'"
      })
  void otherProgramsReachLoopback(String program, String script) {
    Peers.require(program);
    assertServed(guarded("sh", "-c", script));
  }

  @ParameterizedTest
  @CsvSource({"git ls-remote $ORIGIN/a.git"})
  void gitReachesLoopback(String script) {
    Peers.require("git");
    Program.Ended ended = guarded("sh", "-c", script + " 2>/dev/null; true");
    assertEquals(0, ended.exit(), ended::toString);
    assertTrue(ended.err().contains("no attempt was seen"), ended::toString);
    assertTrue(server.getRequestCount() > 0, ended::toString);
  }
}
