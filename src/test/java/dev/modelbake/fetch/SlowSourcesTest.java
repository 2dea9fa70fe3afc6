package dev.modelbake.fetch;

import static dev.modelbake.fetch.Bench.MODEL;
import static dev.modelbake.fetch.Bench.assertRight;
import static dev.modelbake.fetch.Bench.head;
import static dev.modelbake.fetch.Bench.length;
import static dev.modelbake.fetch.Bench.model;
import static dev.modelbake.fetch.Bench.unsized;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FetchException;
import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.RawServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that take their time, or end before they should. */
class SlowSourcesTest {
  @TempDir Path directory;
  private Bench bench;

  @BeforeEach
  void makeBench() {
    bench = new Bench(directory);
  }

  private static void whole(RawServer.Connection connection) throws IOException {
    connection.send(head(200, length(MODEL.length)));
    connection.send(MODEL);
  }

  @Test
  @FaultCase(6)
  void aSourceThatFallsSilentIsLeftForTheNext() {
    try (RawServer silent =
            RawServer.answering(
                connection -> {
                  connection.send(head(200, length(MODEL.length)));
                  connection.send(Arrays.copyOf(MODEL, 1000));
                  bench.outwait(connection);
                });
        RawServer good = RawServer.answering(SlowSourcesTest::whole)) {
      Fetched fetched = bench.fetch(bench.settings(), model(silent.url("/a"), good.url("/a")));
      assertRight(fetched);
      assertEquals(2, silent.requests().size());
      assertEquals(FailureKind.TEMPORARY, fetched.failures().get(0).kind());
      assertTrue(fetched.failures().get(0).what().contains("stalled"), "" + fetched.failures());
      assertTrue(fetched.failures().get(0).what().contains("bytes in"), "it says how slow it was");
    }
  }

  @Test
  @FaultCase(7)
  void aBodyThatDripsIsAStall() {
    try (RawServer drip =
        RawServer.answering(
            connection -> {
              connection.send(head(200, length(MODEL.length)));
              for (byte b : MODEL) {
                connection.send(new byte[] {b});
                bench.time.pass(Duration.ofSeconds(1));
                Thread.sleep(1);
              }
            })) {
      FetchException failure = bench.fails(model(drip.url("/a")));
      assertEquals(FailureKind.TEMPORARY, failure.kind());
      assertTrue(failure.toString().contains("stalled"), failure.toString());
      assertTrue(failure.received() > 0);
    }
  }

  @Test
  @FaultCase(8)
  void headersThatDripHaveADeadline() {
    try (RawServer drip =
        RawServer.answering(
            connection -> {
              connection.send("HTTP/1.1 200 OK\r\nX-Long: ");
              while (true) {
                connection.send("x");
                bench.time.pass(Duration.ofSeconds(1));
                Thread.sleep(1);
              }
            })) {
      FetchException failure = bench.fails(model(drip.url("/a")));
      assertEquals(FailureKind.TEMPORARY, failure.kind());
      assertTrue(failure.toString().contains("no answer within 30 s"), failure.toString());
      assertEquals(2, drip.requests().size());
    }
  }

  @Test
  @FaultCase(15)
  void aSourceThatIsSlowButAboveTheFloorIsWaitedFor() {
    try (RawServer slow =
        RawServer.answering(
            connection -> {
              connection.send(head(200, length(MODEL.length)));
              for (int i = 0; i < MODEL.length; i += 20_000) {
                connection.send(Arrays.copyOfRange(MODEL, i, i + 20_000));
                bench.time.pass(Duration.ofSeconds(5));
                Thread.sleep(60);
              }
            })) {
      assertRight(
          bench.fetch(
              bench.settings().withMinSpeed(100, Duration.ofSeconds(60)), model(slow.url("/a"))));
    }
  }

  @Test
  void theDeadlineEndsEverything() {
    try (RawServer silent =
        RawServer.answering(
            connection -> {
              connection.send(head(200, length(MODEL.length)));
              bench.awaitReception(connection);
              bench.outwait(connection);
            })) {
      FetchSettings settings =
          bench.settings().withMinSpeed(0, Duration.ofDays(1)).withDeadline(Duration.ofMinutes(10));
      FetchException failure =
          bench.fails(settings, model(silent.url("/a"), silent.url("/b"), silent.url("/c")));
      assertEquals(FailureKind.TEMPORARY, failure.kind());
      assertTrue(failure.toString().contains("deadline of 600 s"), failure.toString());
      assertEquals(1, silent.requests().size());
    }
  }

  @Test
  void anInterruptEndsABlockedTransferPromptly() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    try (RawServer silent =
        RawServer.answering(
            connection -> {
              connection.send(head(200, length(MODEL.length)));
              connection.send(Arrays.copyOf(MODEL, 1000));
              reading.countDown();
              connection.awaitEnd();
            })) {
      CompletableFuture<BakeException> ended = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  bench.fetch(bench.settings(), model(silent.url("/a")));
                } catch (BakeException e) {
                  ended.complete(Thread.currentThread().isInterrupted() ? e : null);
                }
              });
      thread.start();
      reading.await();
      thread.interrupt();
      assertInstanceOf(InterruptedBakeException.class, ended.get());
    }
  }

  @Test
  @FaultCase(3)
  void aRefusedConnectionIsTriedAgainOnlyWhenNothingElseIsLeft() throws IOException {
    String dead;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      dead = "http://127.0.0.1:" + socket.getLocalPort() + "/a";
    }
    try (RawServer good = RawServer.answering(SlowSourcesTest::whole)) {
      assertRight(bench.fetch(bench.settings(), model(dead, good.url("/a"))));
      assertEquals(List.of(), bench.time.pauses());
    }
    FetchException failure = bench.fails(model(dead));
    assertEquals(FailureKind.TEMPORARY, failure.kind());
    assertTrue(failure.toString().contains("connection refused"), failure.toString());
    assertEquals(4, bench.time.pauses().size());
  }

  @Test
  @FaultCase(1)
  void aHostThatDoesNotExistIsNamed() {
    FetchException failure = bench.fails(model("http://no-such-host.invalid/a?token=canary"));
    assertTrue(
        failure.kind() == FailureKind.TEMPORARY || failure.kind() == FailureKind.UNAVAILABLE);
    assertTrue(failure.toString().contains("no-such-host.invalid"), failure.toString());
    assertTrue(!bench.said(failure).contains("canary"));
  }

  @Test
  void aSourceThatFailsForNowIsAskedAgainAfterTheOthersFailedForGood() {
    try (RawServer busy =
            RawServer.answering(
                connection -> connection.send(head(503, length(0), "Retry-After: 20")),
                SlowSourcesTest::whole);
        RawServer gone = RawServer.answering(connection -> connection.send(head(404, length(0))))) {
      Fetched fetched = bench.fetch(bench.settings(), model(busy.url("/a"), gone.url("/a")));
      assertRight(fetched);
      assertEquals(2, busy.requests().size());
      assertEquals(1, gone.requests().size());
      assertEquals(List.of(), bench.time.pauses());
    }
  }

  @Test
  void aTransferThatIsCutAgainAndAgainGoesOnAsLongAsItGetsFurther() {
    byte[] large = new byte[12 << 20];
    new java.util.Random(2).nextBytes(large);
    try (RawServer cutting =
        RawServer.answering(
            connection -> {
              int from = 0;
              for (String line : connection.request().lines().toList()) {
                if (line.startsWith("Range: bytes=")) {
                  from = Integer.parseInt(line.replaceAll("[^0-9]", ""));
                }
              }
              String range =
                  "Content-Range: bytes %d-%d/%d".formatted(from, large.length - 1, large.length);
              connection.send(
                  from == 0
                      ? head(200, length(large.length), "ETag: \"v\"")
                      : head(206, length(large.length - from), range));
              int to = Math.min(large.length, from + (3 << 19));
              connection.send(Arrays.copyOfRange(large, from, to));
            })) {
      Fetched fetched =
          bench.fetch(
              bench.settings(),
              Bench.planned(
                  dev.modelbake.model.Descriptor.of(Bench.sha256(large), large.length),
                  cutting.url("/a")));
      assertEquals(large.length, fetched.received());
      assertEquals(8, cutting.requests().size());
    }
  }

  @Test
  void aServerThatCutsAndKnowsNoRangesIsGivenUp() {
    try (RawServer cutting =
        RawServer.answering(
            connection -> {
              connection.send(head(200, length(MODEL.length)));
              connection.send(Arrays.copyOf(MODEL, MODEL.length / 2));
            })) {
      FetchException failure = bench.fails(model(cutting.url("/a")));
      assertEquals(FailureKind.TEMPORARY, failure.kind());
      assertTrue(failure.toString().contains("after 5 attempts"), failure.toString());
      assertEquals(5L * MODEL.length / 2, failure.received());
      assertEquals(5, cutting.requests().size());
    }
  }

  @Test
  @FaultCase(29)
  void aReachedEndThatIsTooEarlyIsWrongBytesWhenItStaysSo() {
    try (RawServer small =
        RawServer.answering(
            connection -> {
              boolean ranged = connection.request().contains("Range: ");
              connection.send(ranged ? head(416, length(0)) : head(200, "Connection: close"));
              connection.send(ranged ? new byte[0] : Arrays.copyOf(MODEL, 500));
            })) {
      FetchException failure = bench.fails(model(small.url("/a")));
      assertEquals(FailureKind.INTEGRITY, failure.kind());
      assertTrue(failure.toString().contains("truncated: 500 of 200000"), failure.toString());
      assertEquals(3, small.requests().size());
    }
  }

  @Test
  @FaultCase({28, 51})
  void anEndlessBodyIsReadOneByteTooFar() {
    try (RawServer endless =
        RawServer.answering(
            connection -> {
              connection.send(head(200, "Connection: close"));
              while (true) {
                connection.send(MODEL);
              }
            })) {
      FetchException failure = bench.fails(model(endless.url("/a")));
      assertEquals(FailureKind.INTEGRITY, failure.kind());
      assertEquals(MODEL.length + 1L, failure.received());
      FetchException bounded =
          bench.fails(bench.settings().withMaxDownload(50_000), unsized(endless.url("/a")));
      assertEquals(FailureKind.REFUSED, bounded.kind());
      assertEquals(50_001, bounded.received());
    }
  }

  @Test
  void anAnnouncedSizeAboveTheBoundIsRefusedBeforeItIsRead() {
    try (RawServer large = RawServer.answering(SlowSourcesTest::whole)) {
      FetchException failure =
          bench.fails(bench.settings().withMaxDownload(50_000), unsized(large.url("/a")));
      assertEquals(FailureKind.REFUSED, failure.kind());
      assertEquals(0, failure.received());
    }
  }

  @Test
  @FaultCase(9)
  void aResetBodyGoesOnAndProgressFallsBackOnlyWhenItStartsOver() {
    try (RawServer resetting =
        RawServer.answering(
            connection -> {
              connection.send(head(200, length(MODEL.length)));
              connection.send(Arrays.copyOf(MODEL, 100_000));
              connection.reset();
            },
            SlowSourcesTest::whole)) {
      assertRight(bench.fetch(bench.settings(), model(resetting.url("/a"))));
      long retries =
          bench.events.stream().filter(event -> event instanceof BakeEvent.Retrying).count();
      assertEquals(1, retries);
      assertInstanceOf(BakeEvent.Verified.class, bench.events.get(bench.events.size() - 1));
    }
  }

  @Test
  @FaultCase(46)
  void anAnswerSmuggledBehindAnotherIsNotTheSourcesFault() {
    byte[] evil = new byte[MODEL.length];
    try (RawServer smuggling =
        RawServer.answering(
            connection -> {
              connection.send(head(404, length(0)) + head(200, length(evil.length)));
              connection.send(evil);
              connection.awaitEnd();
            },
            SlowSourcesTest::whole)) {
      assertRight(
          bench.fetch(bench.settings(), model(smuggling.url("/gone"), smuggling.url("/a"))));
    }
  }

  @Test
  @FaultCase(10)
  void aConnectionThatClosesWithoutAnAnswerIsTriedAgain() {
    try (RawServer server = RawServer.answering(connection -> {}, SlowSourcesTest::whole)) {
      assertRight(bench.fetch(bench.settings(), model(server.url("/a"))));
      assertEquals(2, server.requests().size());
    }
  }

  @Test
  @FaultCase(11)
  void aKeptConnectionThatDiedMeanwhileIsNoFailure() {
    // Each answer promises that the connection is kept, and then it is closed.
    byte[] less = Arrays.copyOf(MODEL, 1000);
    try (RawServer server =
            RawServer.answering(
                SlowSourcesTest::whole,
                connection -> {
                  connection.send(head(200, length(less.length)));
                  connection.send(less);
                });
        Fetcher fetcher = bench.fetcher(bench.settings())) {
      assertRight(fetcher.fetch(model(server.url("/a")), bench.staging));
      Descriptor pin = Descriptor.of(Bench.sha256(less), less.length);
      fetcher.fetch(Bench.planned(pin, server.url("/b")), bench.staging);
      assertEquals(2, server.requests().size());
      assertTrue(bench.events.stream().noneMatch(BakeEvent.Retrying.class::isInstance));
    }
  }

  @Test
  @FaultCase(33)
  void aRangeThatIsSaidNotToBeThereIsAskedForAnew() {
    try (RawServer server =
        RawServer.answering(
            connection -> {
              connection.send(head(200, length(MODEL.length), "ETag: \"v1\""));
              connection.send(Arrays.copyOf(MODEL, 1000));
            },
            connection -> connection.send(head(416, length(0), "Content-Range: bytes */1000")),
            SlowSourcesTest::whole)) {
      assertRight(bench.fetch(bench.settings(), model(server.url("/a"))));
      assertTrue(server.requests().get(1).contains("Range: bytes=1000-"), "it goes on");
      assertFalse(server.requests().get(2).contains("Range:"), "it begins anew");
    }
  }

  @Test
  void noPauseIsLongerThanTheDeadline() {
    try (RawServer busy =
        RawServer.answering(connection -> connection.send(head(503, length(0))))) {
      FetchSettings settings = bench.settings().withDeadline(Duration.ofMillis(2500));
      FetchException failure = bench.fails(settings, model(busy.url("/a")));
      assertTrue(failure.toString().contains("deadline"), failure.toString());
      assertTrue(failure.toString().contains("503"), failure.toString());
      Duration paused = bench.time.pauses().stream().reduce(Duration.ZERO, Duration::plus);
      assertTrue(paused.compareTo(Duration.ofMillis(2600)) < 0, paused.toString());
    }
  }

  /** Two sources are asked in two rounds; in the second one time is up. */
  @Test
  void whatBothSourcesDidIsToldWhenTheDeadlineEndsTheSecondRound() {
    try (RawServer busy = RawServer.answering(connection -> connection.send(head(503, length(0))));
        RawServer slow = RawServer.answering(connection -> connection.send(head(429, length(0))))) {
      FetchSettings settings = bench.settings().withDeadline(Duration.ofMillis(2500));
      FetchException failure = bench.fails(settings, model(busy.url("/a"), slow.url("/a")));
      for (String part : List.of("deadline", "503", "429")) {
        assertTrue(failure.toString().contains(part), failure.toString());
      }
    }
  }
}
