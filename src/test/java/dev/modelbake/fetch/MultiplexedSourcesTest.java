package dev.modelbake.fetch;

import static dev.modelbake.fetch.Bench.MODEL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.model.Descriptor;
import dev.modelbake.testing.FaultCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that speak HTTP/2, well or badly. */
class MultiplexedSourcesTest {
  @TempDir Path directory;
  private final MockWebServer server = new MockWebServer();
  private Bench bench;
  private FetchSettings settings;

  @BeforeEach
  void start() throws IOException {
    bench = new Bench(directory);
    HeldCertificate held =
        new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
    server.useHttps(
        new HandshakeCertificates.Builder().heldCertificate(held).build().sslSocketFactory());
    Path ca = Files.writeString(directory.resolve("ca.pem"), held.certificatePem());
    settings = bench.settings().withAuthorities("--cacert", ca);
    server.start();
  }

  @AfterEach
  void end() {
    server.close();
  }

  /** The bytes of one of several files. */
  private static byte[] bytes(int number) {
    byte[] bytes = MODEL.clone();
    bytes[0] = (byte) number;
    return bytes;
  }

  private static MockResponse.Builder whole(String path) {
    int number = Integer.parseInt(path.substring(1));
    return new MockResponse.Builder().code(200).body(new Buffer().write(bytes(number)));
  }

  private void dispatch(Function<RecordedRequest, MockResponse> answer) {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer.apply(request);
          }
        });
  }

  private void fetch(Fetcher fetcher, int number) throws IOException {
    byte[] bytes = bytes(number);
    Descriptor pin = Descriptor.of(Bench.sha256(bytes), bytes.length);
    String url = server.url("/" + number).toString();
    Fetched fetched = fetcher.fetch(Bench.planned(pin, url), bench.staging);
    assertArrayEquals(bytes, Files.readAllBytes(fetched.blob().path()));
  }

  @Test
  void manyFilesComeOverOneConnection() throws Exception {
    dispatch(request -> whole(request.getTarget()).build());
    try (Fetcher fetcher = bench.fetcher(settings)) {
      for (int i = 0; i < 10; i++) {
        fetch(fetcher, i);
      }
    }
    for (int i = 0; i < 10; i++) {
      RecordedRequest request = server.takeRequest();
      assertEquals("HTTP/2", request.getVersion());
      assertEquals(0, request.getConnectionIndex());
    }
  }

  @Test
  @FaultCase(12)
  void afterTwoBrokenConnectionsTheHostIsSpokenToInHttp1() throws Exception {
    AtomicInteger broken = new AtomicInteger();
    dispatch(
        request -> {
          if (request.getVersion().equals("HTTP/2")) {
            broken.incrementAndGet();
            return whole(request.getTarget())
                .onResponseBody(new SocketEffect.CloseStream())
                .build();
          }
          return whole(request.getTarget()).build();
        });
    try (Fetcher fetcher = bench.fetcher(settings)) {
      for (int i = 0; i < 4; i++) {
        fetch(fetcher, i);
      }
    }
    assertEquals(2, broken.get());
  }
}
