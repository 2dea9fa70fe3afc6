package dev.modelbake.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FetchException;
import dev.modelbake.store.Partial;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.RangeScript;
import dev.modelbake.testing.RawServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files over several connections to one source, and what is left of them for later. */
class SegmentsTest {
  private static final int SHARE = 8 << 20;
  private static final int SIZE = 40 << 20;
  private static final byte[] LARGE = new byte[SIZE];
  private static final byte[] OTHER = new byte[SIZE];

  static {
    new Random(3).nextBytes(LARGE);
    new Random(4).nextBytes(OTHER);
  }

  private static final Descriptor PIN = Descriptor.of(Bench.sha256(LARGE), SIZE);

  @TempDir Path directory;
  private final RangeScript right = new RangeScript(LARGE, "\"v1\"");
  private Bench bench;

  @BeforeEach
  void makeBench() {
    bench = new Bench(directory);
  }

  private FetchSettings divided() {
    return bench.settings().withConnectionsPerHost(4);
  }

  private static void assertLarge(Fetched fetched) throws IOException {
    assertArrayEquals(LARGE, Files.readAllBytes(fetched.blob().path()));
  }

  private static long ranges(RawServer server) {
    return server.requests().stream().filter(request -> request.contains("Range: ")).count();
  }

  @Test
  void aLargeFileComesInPartsThatNobodySendsTwice() throws Exception {
    try (RawServer server = RawServer.answering(right)) {
      Fetched fetched = bench.fetch(divided(), Bench.planned(PIN, server.url("/a")));
      assertLarge(fetched);
      assertEquals(SIZE, right.sent());
      assertEquals(SIZE, fetched.received());
      assertEquals(SIZE / SHARE, ranges(server));
    }
  }

  @Test
  void everyPartButTheFirstIsAskedForWithTheVersionOfTheFirst() {
    try (RawServer server = RawServer.answering(right)) {
      bench.fetch(divided(), Bench.planned(PIN, server.url("/a")));
      assertEquals(
          SIZE / SHARE - 1,
          server.requests().stream().filter(r -> r.contains("If-Range: \"v1\"")).count());
    }
  }

  @Test
  @FaultCase(31)
  void aServerThatIgnoresRangesGivesEverythingAtOnce() throws Exception {
    try (RawServer server =
        RawServer.answering(
            connection -> {
              right.head(connection, new RangeScript.Asked(0, SIZE, false));
              right.send(connection, 0, SIZE);
            })) {
      Fetched fetched = bench.fetch(divided(), Bench.planned(PIN, server.url("/a")));
      assertLarge(fetched);
      assertEquals(1, server.requests().size());
      assertEquals(SIZE, fetched.received());
    }
  }

  @Test
  @FaultCase(32)
  void aPartThatIsNotTheOneAskedForEndsTheDivision() throws Exception {
    try (RawServer server =
        RawServer.answering(
            connection -> {
              RangeScript.Asked asked = RangeScript.asked(connection.request(), SIZE);
              int lie = asked.isRange() && asked.from() > 0 ? 1 : 0;
              right.head(
                  connection,
                  new RangeScript.Asked(asked.from() - lie, asked.to() - lie, asked.isRange()));
              right.send(connection, asked.from() - lie, asked.to() - lie);
            })) {
      Fetched fetched = bench.fetch(divided(), Bench.planned(PIN, server.url("/a")));
      assertLarge(fetched);
      assertTrue(fetched.received() <= SIZE + SHARE, "received " + fetched.received());
    }
  }

  @Test
  @FaultCase(34)
  void aVersionThatChangesInTheMiddleIsTakenFromTheBeginning() throws Exception {
    RangeScript old = new RangeScript(OTHER, "\"v0\"");
    AtomicInteger number = new AtomicInteger();
    try (RawServer server =
        RawServer.answering(
            connection -> {
              if (number.getAndIncrement() == 0) {
                old.answer(connection);
                return;
              }
              boolean stale = connection.request().contains("If-Range: \"v0\"");
              RangeScript.Asked asked = RangeScript.asked(connection.request(), SIZE);
              RangeScript.Asked given = stale ? new RangeScript.Asked(0, SIZE, false) : asked;
              right.head(connection, given);
              right.send(connection, given.from(), given.to());
            })) {
      assertLarge(bench.fetch(divided(), Bench.planned(PIN, server.url("/a"))));
    }
  }

  @Test
  void onlyTheMissingPartIsAskedForAgainWhenOneConnectionBreaks() throws Exception {
    AtomicInteger breaks = new AtomicInteger();
    try (RawServer server =
        RawServer.answering(
            connection -> {
              RangeScript.Asked asked = RangeScript.asked(connection.request(), SIZE);
              right.head(connection, asked);
              if (asked.from() == 2 * SHARE && breaks.getAndIncrement() == 0) {
                right.send(connection, asked.from(), asked.from() + (1 << 20));
                return;
              }
              right.send(connection, asked.from(), asked.to());
            })) {
      Fetched fetched = bench.fetch(divided(), Bench.planned(PIN, server.url("/a")));
      assertLarge(fetched);
      assertEquals(SIZE, fetched.received());
    }
  }

  @Test
  void aConnectionThatAlwaysEndsEarlyIsNotAskedForever() throws Exception {
    try (RawServer server =
        RawServer.answering(
            connection -> {
              RangeScript.Asked asked = RangeScript.asked(connection.request(), SIZE);
              if (asked.from() < 2 * SHARE) {
                right.answer(connection);
                return;
              }
              connection.send(
                  "HTTP/1.1 206 x\r\nETag: \"v1\"\r\nContent-Range: bytes %d-%d/%d\r\n\r\n"
                      .formatted(asked.from(), asked.to() - 1, SIZE));
            })) {
      FetchException failure = bench.fails(divided(), Bench.planned(PIN, server.url("/a")));
      assertEquals(FailureKind.TEMPORARY, failure.kind());
      assertTrue(server.requests().size() < 60, "" + server.requests().size());
    }
  }

  @Test
  void aServerThatRefusesEveryOtherRequestIsAskedWithFewerConnections() throws Exception {
    AtomicInteger number = new AtomicInteger();
    try (RawServer server =
        RawServer.answering(
            connection -> {
              if (number.getAndIncrement() % 2 == 1) {
                connection.send("HTTP/1.1 429 x\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n");
                return;
              }
              right.answer(connection);
            })) {
      Fetched fetched = bench.fetch(divided(), Bench.planned(PIN, server.url("/a")));
      assertLarge(fetched);
      assertEquals(SIZE, fetched.received());
      assertTrue(server.requests().size() <= 4 * SIZE / SHARE, "" + server.requests().size());
    }
  }

  @Test
  void aStallShortlyBeforeTheEndCostsOnlyTheEnd() throws Exception {
    AtomicInteger stalls = new AtomicInteger();
    int last = SIZE - (100 << 10);
    try (RawServer server =
        RawServer.answering(
            connection -> {
              RangeScript.Asked asked = RangeScript.asked(connection.request(), SIZE);
              right.head(connection, asked);
              if (asked.to() == SIZE && stalls.getAndIncrement() == 0) {
                right.send(connection, asked.from(), Math.max(asked.from(), last));
                bench.outwait(connection);
                return;
              }
              right.send(connection, asked.from(), asked.to());
            })) {
      Fetched fetched = bench.fetch(divided(), Bench.planned(PIN, server.url("/a")));
      assertLarge(fetched);
      assertEquals(SIZE, fetched.received());
    }
  }

  @Test
  @FaultCase(35)
  void mirrorsThatDisagreeInTheSecondHalfGiveTheRightBytesOrTheRightFailure() throws Exception {
    byte[] mixed = LARGE.clone();
    System.arraycopy(OTHER, SIZE / 2, mixed, SIZE / 2, SIZE / 2);
    RangeScript liar = new RangeScript(mixed, "\"v1\"");
    try (RawServer wrong = RawServer.answering(liar);
        RawServer good = RawServer.answering(right)) {
      Fetched fetched = bench.fetch(divided(), Bench.planned(PIN, wrong.url("/a"), good.url("/a")));
      assertLarge(fetched);
      assertEquals(FailureKind.INTEGRITY, fetched.failures().get(0).kind());
      assertEquals(liar.sent() + right.sent(), fetched.received());
      assertEquals(2L * SIZE, liar.sent(), "one clean restart, no more");
    }
    makeBench();
    try (RawServer wrong = RawServer.answering(liar)) {
      FetchException failure = bench.fails(divided(), Bench.planned(PIN, wrong.url("/a")));
      assertEquals(FailureKind.INTEGRITY, failure.kind());
    }
  }

  @Test
  void aSourceThatIsSlowGetsHelpAndOnlyWhenItKnowsRanges() throws Exception {
    try (RawServer server =
        RawServer.answering(
            connection -> {
              RangeScript.Asked asked = RangeScript.asked(connection.request(), SIZE);
              right.head(connection, asked);
              for (int at = asked.from(); at < asked.to(); at += 1 << 20) {
                right.send(connection, at, Math.min(at + (1 << 20), asked.to()));
                bench.time.pass(Duration.ofSeconds(1));
                Thread.sleep(2);
              }
            })) {
      Fetched fetched = bench.fetch(bench.settings(), Bench.planned(PIN, server.url("/a")));
      assertLarge(fetched);
      assertTrue(ranges(server) > 0);
      assertEquals(SIZE, fetched.received());
    }
  }

  @Test
  void aFastSourceIsAskedOnce() throws Exception {
    try (RawServer server = RawServer.answering(right)) {
      assertLarge(bench.fetch(bench.settings(), Bench.planned(PIN, server.url("/a"))));
      assertEquals(1, server.requests().size());
    }
  }

  @Test
  void whatAFailedRunBroughtIsNotFetchedAgain() throws Exception {
    RawServer.Script halfway =
        connection -> {
          RangeScript.Asked asked = RangeScript.asked(connection.request(), SIZE);
          if (asked.from() >= SIZE / 2) {
            connection.send("HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n");
            return;
          }
          int to = Math.min(asked.to(), SIZE / 2);
          right.head(connection, asked);
          right.send(connection, asked.from(), to);
        };
    try (RawServer server = RawServer.answering(halfway)) {
      bench.fails(divided(), Bench.planned(PIN, server.url("/a")));
    }
    long before = right.sent();
    assertEquals(SIZE / 2, before);
    bench.events.clear();
    try (RawServer server = RawServer.answering(right)) {
      Fetched fetched = bench.fetch(divided(), Bench.planned(PIN, server.url("/a")));
      assertLarge(fetched);
      assertEquals(SIZE - before, right.sent() - before);
      assertEquals(SIZE - before, fetched.received());
      assertTrue(
          bench.events.contains(new BakeEvent.Received("m/a.onnx", SIZE / 2, 0)),
          "progress begins where the first run ended");
      String notice = "going on with " + SIZE / 2 + " bytes";
      assertTrue(bench.events.toString().contains(notice), "it says so");
    }
  }

  @Test
  void aCleanRestartTakesNothingThatAnotherRunLeft() throws Exception {
    Partial one = bench.staging.open(PIN);
    Partial two = bench.staging.open(PIN);
    for (Partial rotten : List.of(one, two)) {
      try (Partial.Stretch stretch = rotten.at(0)) {
        stretch.write(ByteBuffer.wrap(OTHER, 0, SIZE / 2));
      }
    }
    bench.staging.leave(one, PIN);
    bench.staging.leave(two, PIN);
    try (RawServer server = RawServer.answering(right)) {
      Fetched fetched = bench.fetch(bench.settings(), Bench.planned(PIN, server.url("/a")));
      assertLarge(fetched);
      assertEquals(SIZE / 2 + SIZE, fetched.received());
    }
  }
}
