package dev.modelbake.bake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.guard.GuardOptions;
import dev.modelbake.guard.RecordOptions;
import dev.modelbake.guard.RecordOptions.Output;
import dev.modelbake.guard.Signals;
import dev.modelbake.http.Time;
import dev.modelbake.mirror.Collector;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.model.Plan;
import dev.modelbake.model.Target;
import dev.modelbake.model.UsageException;
import dev.modelbake.pin.PinOptions;
import dev.modelbake.report.ReceiptJson;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.StoreLocks;
import dev.modelbake.testing.RawServer;
import dev.modelbake.verify.VerifyOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program may rely on that uses the library. */
class LibraryTest {
  private static final PinOptions NO_CHOICE = new PinOptions(List.of(), List.of());
  private static final String ZEROS =
      "  - {url: 'http://127.0.0.1:9/zeros', sha256: %s, size: %d}"
          .formatted("ab".repeat(32), 1L << 36);

  @TempDir Path folder;
  private Path root = Path.of("");
  private Path manifest = Path.of("");
  private ModelOrigin origin;

  @BeforeEach
  void serve() throws IOException {
    origin = new ModelOrigin();
    root = Files.createDirectory(folder.resolve("root"));
    manifest = folder.resolve("models.yaml");
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  private static byte[] bytes(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String file(String url, byte[] content) {
    return "  - {url: '%s', sha256: %s, size: %d}"
        .formatted(url, Digest.ofBytes(content).hex(), content.length);
  }

  private ModelBake model(String... files) throws IOException {
    Files.writeString(
        manifest,
        "schema: modelbake/1\nmodels:\n  - name: m\n    dir: /opt/m\n    files:\n    "
            + String.join("\n    ", files)
            + "\n");
    return ModelBake.manifest(manifest).owner("self").root(root).environment(Map.of());
  }

  private ModelBake three() throws IOException {
    List<String> files = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      byte[] content = bytes(i, 300_000);
      files.add(file(origin.serve("/f" + i, content), content));
    }
    return model(files.toArray(String[]::new));
  }

  private void assertBaked(Path below) throws IOException {
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(bytes(i, 300_000), Files.readAllBytes(below.resolve("opt/m/f" + i)));
    }
  }

  /** What a call on a thread of its own throws, and whether the thread's flag was set then. */
  private record Stopped(Throwable thrown, boolean flagged) {
    void assertInterrupted() {
      InterruptedBakeException stopped =
          assertInstanceOf(InterruptedBakeException.class, thrown, thrown::toString);
      assertEquals(FailureKind.INTERRUPTED, stopped.kind());
      assertTrue(flagged, "the flag is set");
    }
  }

  private static final class Caller {
    private final CompletableFuture<Stopped> end = new CompletableFuture<>();
    private final Thread thread;

    Caller(Supplier<?> call) {
      thread =
          new Thread(
              () -> {
                try {
                  Object result = call.get();
                  end.complete(new Stopped(new AssertionError("ended: " + result), false));
                } catch (RuntimeException | Error e) {
                  end.complete(new Stopped(e, Thread.currentThread().isInterrupted()));
                }
              });
    }

    Caller begin() {
      thread.start();
      return this;
    }

    Stopped interrupt() {
      thread.interrupt();
      return end.join();
    }
  }

  /** A call that ends early must not be waited for. */
  private static void awaitOrEnd(CountDownLatch latch, Caller caller) throws InterruptedException {
    while (!caller.end.isDone() && !latch.await(50, TimeUnit.MILLISECONDS)) {
      Thread.onSpinWait();
    }
  }

  private static Set<Thread> threads() {
    return new HashSet<>(Thread.getAllStackTraces().keySet());
  }

  @Test
  void anOptionLeavesTheValueAsItWas() throws IOException {
    ModelBake all = three();
    Digest before = all.plan().inputDigest();
    List<ModelBake> changed =
        List.of(
            all.only("nothing"),
            all.except("m"),
            all.group("g"),
            all.env("A", "b"),
            all.dir("m", "/elsewhere"),
            all.owner("1234"),
            all.home("/home/x"),
            all.root(folder),
            all.offline(),
            all.mirror("file:" + folder),
            all.rewrite("http://", "https://"),
            all.store(folder.resolve("store")),
            all.trustedKey("none"),
            all.jobs(1),
            all.environment(Map.of("HOME", "/")));
    assertEquals(before, all.plan().inputDigest());
    assertThrows(UsageException.class, () -> changed.get(0).plan());
    assertEquals(3, all.bake().files().size());
    assertFalse(Files.exists(folder.resolve("store")));
  }

  @Test
  void oneValueBakesInSeveralThreadsAtOnceIntoOnePlace() throws Exception {
    ModelBake bake = three().store(folder.resolve("store"));
    List<BakeReport> reports = together(List.of(bake, bake, bake, bake));
    assertEquals(1, reports.stream().map(BakeReport::receipt).distinct().count());
    assertBaked(root);
  }

  @Test
  void severalRootsShareOneStoreAndFetchOnce() throws Exception {
    ModelBake bake = three().store(folder.resolve("store"));
    List<ModelBake> roots = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      roots.add(bake.root(Files.createDirectory(folder.resolve("root" + i))));
    }
    together(roots);
    for (int i = 0; i < 4; i++) {
      assertBaked(folder.resolve("root" + i));
    }
    assertEquals(
        List.of("/f0", "/f1", "/f2"), origin.takeAsked().stream().distinct().sorted().toList());
  }

  private static List<BakeReport> together(List<ModelBake> bakes) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(bakes.size());
    try {
      CountDownLatch start = new CountDownLatch(bakes.size());
      List<Future<BakeReport>> running = new ArrayList<>();
      for (ModelBake one : bakes) {
        running.add(
            pool.submit(
                () -> {
                  start.countDown();
                  start.await();
                  return one.bake();
                }));
      }
      List<BakeReport> reports = new ArrayList<>();
      for (Future<BakeReport> one : running) {
        reports.add(one.get());
      }
      return reports;
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void anInterruptStopsADownloadAndTheNextRunGoesOn() throws Exception {
    byte[] content = bytes(1, 100_000);
    try (RawServer server =
        RawServer.answering(
            connection -> {
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
              connection.send(new byte[10]);
              connection.awaitEnd();
            })) {
      CountDownLatch begun = new CountDownLatch(1);
      ModelBake bake =
          model(file(server.url("/f"), content))
              .listener(
                  event -> {
                    if (event instanceof BakeEvent.Fetching) {
                      begun.countDown();
                    }
                  });
      Caller caller = new Caller(bake::bake).begin();
      awaitOrEnd(begun, caller);
      caller.interrupt().assertInterrupted();
      assertFalse(Files.exists(root.resolve("opt/m")));
    }
    assertEquals(1, model(file(origin.serve("/f", content), content)).bake().files().size());
  }

  @Test
  void anInterruptStopsAVerification() throws Exception {
    ModelBake bake = model(ZEROS);
    Files.createDirectories(root.resolve("opt/m"));
    // A file without blocks: to hash it takes half a minute.
    try (RandomAccessFile file = new RandomAccessFile(root.resolve("opt/m/zeros").toFile(), "rw")) {
      file.setLength(1L << 36);
    }
    for (Supplier<?> call :
        List.<Supplier<?>>of(
            () -> bake.verify(VerifyOptions.DEFAULT), bake::plan, () -> bake.offline().bake())) {
      Set<Thread> before = threads();
      Caller caller = new Caller(call).begin();
      while (!caller.end.isDone()
          && threads().stream()
              .noneMatch(
                  one -> !before.contains(one) && one.getName().equals("modelbake-verify"))) {
        Thread.onSpinWait();
      }
      caller.interrupt().assertInterrupted();
    }
  }

  @Test
  void anInterruptStopsUnpacking() throws Exception {
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(member)) {
      gzip.write(new byte[64 << 20]);
    }
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < 16; i++) {
      many.write(member.toByteArray());
    }
    byte[] download = many.toByteArray();
    CountDownLatch unpacking = new CountDownLatch(1);
    ModelBake bake =
        model(
                file(origin.serve("/zeros.gz", download), download)
                    .replace(
                        "}",
                        ", unpack: gz, unpacked: {sha256: %s, size: %d}}"
                            .formatted("ab".repeat(32), 1 << 30)))
            .listener(
                event -> {
                  if (event instanceof BakeEvent.Unpacking) {
                    unpacking.countDown();
                  }
                });
    Caller caller = new Caller(bake::bake).begin();
    awaitOrEnd(unpacking, caller);
    caller.interrupt().assertInterrupted();
    assertFalse(Files.exists(root.resolve("opt/m")));
  }

  @Test
  void anInterruptStopsWaitingForAnotherRun() throws Exception {
    byte[] content = bytes(1, 1000);
    Path directory = folder.resolve("store");
    CountDownLatch waiting = new CountDownLatch(1);
    Time clock =
        new Time() {
          @Override
          public java.time.Instant now() {
            return Time.SYSTEM.now();
          }

          @Override
          public Duration elapsed() {
            return Time.SYSTEM.elapsed();
          }

          @Override
          public void sleep(Duration duration) throws InterruptedException {
            waiting.countDown();
            Time.SYSTEM.sleep(duration);
          }
        };
    ModelBake bake =
        model(file(origin.serve("/f", content), content)).store(directory).time(clock, () -> 0.5);
    try (BlobStore store = BlobStore.layout(directory);
        StoreLocks.Held held =
            store.locks().orElseThrow().take(Digest.ofBytes(content)).orElseThrow()) {
      Caller caller = new Caller(bake::bake).begin();
      awaitOrEnd(waiting, caller);
      held.during(
          () -> {
            caller.interrupt().assertInterrupted();
            return true;
          });
    }
    assertEquals(List.of(), origin.takeAsked());
  }

  @Test
  void aThreadThatIsInterruptedDoesNoWork() throws IOException {
    ModelBake bake = three();
    for (Supplier<?> call :
        List.<Supplier<?>>of(
            bake::bake,
            bake::plan,
            () -> bake.verify(VerifyOptions.DEFAULT),
            () -> bake.exportMirror(folder.resolve("mirror"), MirrorOptions.DEFAULT),
            () -> bake.importMirror("file:" + folder, folder.resolve("mirror")),
            () -> bake.checkMirror("file:" + folder),
            () -> bake.pushMirror(folder, "oci://127.0.0.1:9/models", List.of()),
            () -> bake.collect(folder, Collector.Mode.REMOVE),
            () -> bake.pin("models.yaml", Optional.of(folder), text(), NO_CHOICE, folder),
            () -> ModelBake.guard(touching()),
            () ->
                bake.record(new RecordOptions(touching(), List.of(), folder, Output.INHERITED)))) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedBakeException.class, call::get);
      assertTrue(Thread.interrupted(), "the flag is set");
    }
    assertEquals(List.of(), origin.takeAsked());
    assertFalse(Files.exists(folder.resolve("mirror")));
    assertFalse(Files.exists(folder.resolve("touched")));
  }

  private String text() {
    return "schema: modelbake/1\nmodels:\n  - {name: m, dir: /opt/m, files: [{url: '%s/f0'}]}\n"
        .formatted(origin.url());
  }

  /** A command that leaves a file behind. */
  private GuardOptions touching() {
    return new GuardOptions(
        List.of("/bin/sh", "-c", "echo >" + folder.resolve("touched")),
        System.getenv(),
        List.of(),
        Signals.NONE);
  }

  @Test
  void anInterruptStopsPinningAndMirroring() throws Exception {
    try (RawServer server =
        RawServer.answering(
            connection -> {
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
              connection.send(new byte[10]);
              connection.awaitEnd();
            })) {
      CountDownLatch[] begun = {new CountDownLatch(1), new CountDownLatch(1)};
      AtomicInteger call = new AtomicInteger();
      ModelBake bake =
          model(file(server.url("/f0"), bytes(1, 100_000)))
              .listener(
                  event -> {
                    if (event instanceof BakeEvent.Fetching) {
                      begun[call.get()].countDown();
                    }
                  });
      Path mirror = folder.resolve("mirror");
      String unpinned = text().replace(origin.url(), server.url(""));
      for (Supplier<?> one :
          List.<Supplier<?>>of(
              () -> bake.exportMirror(mirror, MirrorOptions.DEFAULT),
              () -> bake.pin("models.yaml", Optional.of(folder), unpinned, NO_CHOICE, folder))) {
        Caller caller = new Caller(one).begin();
        awaitOrEnd(begun[call.get()], caller);
        caller.interrupt().assertInterrupted();
        call.incrementAndGet();
      }
      assertFalse(Files.exists(mirror.resolve("modelbake-index.json")));
    }
  }

  @Test
  void aListenerMayStopItsCall() throws IOException {
    Thread here = Thread.currentThread();
    ModelBake bake =
        three()
            .listener(
                event -> {
                  if (event instanceof BakeEvent.Fetching) {
                    here.interrupt();
                  }
                });
    assertThrows(InterruptedBakeException.class, bake::bake);
    assertTrue(Thread.interrupted());
    assertFalse(Files.exists(root.resolve("opt/m")));
  }

  @Test
  void aListenerThatThrowsIsToldOnceAndBreaksNothing() throws IOException {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    List<Throwable> told = new CopyOnWriteArrayList<>();
    AtomicInteger heard = new AtomicInteger();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> told.add(thrown));
    try {
      BakeListener broken =
          event -> {
            heard.incrementAndGet();
            if (event instanceof BakeEvent.Fetching) {
              throw new IllegalStateException("broken");
            }
          };
      BakeReport report = three().listener(broken).bake();
      assertEquals(3, report.files().size());
      assertTrue(report.files().stream().allMatch(file -> file.failures().isEmpty()));
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertEquals(List.of("broken"), told.stream().map(Throwable::getMessage).toList());
    assertTrue(heard.get() >= 2, "planned, and the first file");
    assertBaked(root);
  }

  @Test
  void eventsOfOneCallComeOneAtATimeAndNoneAfterIt() throws IOException {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<BakeEvent> events = new ArrayList<>();
    BakeListener listener =
        event -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          events.add(event);
          inside.decrementAndGet();
        };
    assertEquals(3, three().listener(listener).bake().files().size());
    assertEquals(1, most.get());
    assertInstanceOf(BakeEvent.Planned.class, events.get(0));
    assertInstanceOf(BakeEvent.Finished.class, events.get(events.size() - 1));
  }

  @Test
  void noThreadOfOursIsLeftAndNoneThatHoldsTheProcess() throws IOException {
    Set<Thread> before = threads();
    ModelBake bake = three().store(folder.resolve("store"));
    assertEquals(3, bake.bake().files().size());
    assertEquals(3, bake.verify(VerifyOptions.DEFAULT).proven());
    bake.exportMirror(folder.resolve("mirror"), MirrorOptions.DEFAULT);
    bake.checkMirror("file:" + folder.resolve("mirror"));
    assertThrows(BakeException.class, () -> model(file(origin.url() + "/no", new byte[1])).bake());
    Set<Thread> left = threads();
    left.removeAll(before);
    left.removeIf(thread -> thread.getName().startsWith("MockWebServer"));
    assertEquals(
        Set.of(),
        left.stream()
            .filter(thread -> !thread.isDaemon() || thread.getName().startsWith("modelbake"))
            .map(Thread::getName)
            .collect(Collectors.toSet()));
  }

  @Test
  void nothingIsPrinted() throws IOException {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream caught = new PrintStream(printed, true, StandardCharsets.UTF_8);
    try {
      System.setOut(caught);
      System.setErr(caught);
      ModelBake bake = three();
      assertEquals(3, bake.bake().files().size());
      assertEquals(3, bake.verify(VerifyOptions.DEFAULT).proven());
      assertEquals(3, bake.plan().files().size());
      assertFalse(bake.lint().isEmpty());
      Path mirror = folder.resolve("mirror");
      bake.exportMirror(mirror, MirrorOptions.DEFAULT);
      bake.importMirror("file:" + mirror, folder.resolve("other"));
      bake.checkMirror("file:" + mirror);
      bake.collect(mirror, Collector.Mode.DRY_RUN);
      assertFalse(
          bake.pin("models.yaml", Optional.of(folder), text(), NO_CHOICE, folder).text().isEmpty());
      assertEquals(0, ModelBake.guard(touching()).exit());
      assertThrows(
          BakeException.class, () -> model(file(origin.url() + "/no", new byte[1])).bake());
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    assertEquals("", printed.toString(StandardCharsets.UTF_8));
  }

  /** Turkish has another small i, Arabic other digits. */
  @ParameterizedTest
  @ValueSource(strings = {"tr-TR", "ar-EG-u-nu-arab"})
  void theLocaleOfTheProcessChangesNoData(String tag) throws IOException {
    String receipt = ReceiptJson.of(three().bake().receipt()).pretty();
    ModelBake bake = three();
    Digest digest = bake.plan().inputDigest();
    Path other = Files.createDirectory(folder.resolve("other"));
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag(tag));
      assertEquals(digest, bake.plan().inputDigest());
      assertEquals(receipt, ReceiptJson.of(bake.bake().receipt()).pretty());
      assertEquals(
          receipt,
          ReceiptJson.of(bake.root(other).store(folder.resolve("s")).bake().receipt()).pretty());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void numbersOutOfTheirRangeAreRefused() throws IOException {
    ModelBake bake = three();
    List<Supplier<ModelBake>> wrong =
        List.of(
            () -> bake.jobs(0),
            () -> bake.jobs(65),
            () -> bake.connections(0),
            () -> bake.deadline(Duration.ZERO),
            () -> bake.minSpeed(-1),
            () -> bake.maxDownload(0),
            () -> bake.minCounter(-1));
    for (Supplier<ModelBake> one : wrong) {
      assertEquals(FailureKind.USAGE, assertThrows(UsageException.class, one::get).kind());
    }
  }

  @Test
  void aPlanTellsItsOutputsAndADigestOfItsInput() throws IOException {
    ModelBake bake = three();
    Plan plan = bake.plan();
    assertEquals(
        List.of(root.resolve("opt/m/f0"), root.resolve("opt/m/f1"), root.resolve("opt/m/f2")),
        plan.outputs());
    bake.bake();
    assertEquals(plan.inputDigest(), bake.plan().inputDigest());
    assertEquals(
        plan.inputDigest(), bake.mirror("https://mirror.example/m").jobs(1).plan().inputDigest());
    Files.writeString(manifest, Files.readString(manifest) + "# a comment\n");
    assertEquals(plan.inputDigest(), bake.plan().inputDigest());
    Set<Digest> others = new HashSet<>();
    others.add(bake.owner("4321:1").plan().inputDigest());
    others.add(bake.dir("m", "/opt/n").plan().inputDigest());
    others.add(bake.root(folder).plan().inputDigest());
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replace("dir: /opt/m", "dir: /opt/m\n    mode: \"0600\""));
    others.add(bake.plan().inputDigest());
    Files.writeString(manifest, text.replace("size: 300000}", "size: 300001}"));
    others.add(bake.plan().inputDigest());
    assertEquals(5, others.size());
    assertFalse(others.contains(plan.inputDigest()));
  }

  @Test
  void whatHasNoPlaceHereIsNoOutput() throws IOException {
    ModelBake bake = three().owner("nobody-of-this-name");
    Plan plan = bake.plan();
    assertTrue(plan.files().get(0).target() instanceof Target.Unresolved);
    assertEquals(List.of(), plan.outputs());
    assertNotEquals(three().plan().inputDigest(), plan.inputDigest());
  }
}
