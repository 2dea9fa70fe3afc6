package dev.modelbake.chaos;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.bake.TimedBake;
import dev.modelbake.chaos.FaultyOrigin.Act;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.testing.ManualTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Many bakes in one Java machine, each with a seed of its own, against a disk and servers that
 * fail. Its Java machine has {@link FaultyFiles} as default provider.
 *
 * <p>Arguments: the first seed, the number of seeds, and {@code first} to stop at the first
 * violation; or {@code sweep} to kill the first seed's run at every operation, one after the other.
 * A line on the standard output for each seed that violates something, and a sum at the end; ends
 * with 1 when there was a violation.
 */
public final class InProcess {
  private static final int FAULTY_RUNS = 3;
  private static final int CLEAN_RUNS = 2;
  private static final int OPERATIONS = 120;
  private static final long HANG_SECONDS = 60;

  private final long seed;
  private final Path directory;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final List<String> violations = new ArrayList<>();
  private final List<String> story = new ArrayList<>();
  private final OptionalInt kill;
  private final Map<String, Integer> faults;

  private InProcess(long seed, Path directory, OptionalInt kill, Map<String, Integer> faults) {
    this.seed = seed;
    this.directory = directory;
    this.kill = kill;
    this.faults = faults;
  }

  /** Runs seeds. */
  public static void main(String[] arguments) throws Exception {
    long first = Long.parseLong(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    boolean stopAtFirst = arguments.length > 2;
    boolean sweeps = stopAtFirst && arguments[2].equals("sweep");
    Path top = Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), "chaos");
    int bad = 0;
    int runs = 0;
    Map<String, Integer> faults = new TreeMap<>();
    Map<String, Integer> ends = new TreeMap<>();
    for (long seed = first; seed < first + count && !(bad > 0 && stopAtFirst); seed++) {
      Path directory = Files.createDirectory(top.resolve(Long.toString(seed)));
      OptionalInt kill = sweeps ? OptionalInt.of((int) (seed - first)) : OptionalInt.empty();
      InProcess one = new InProcess(sweeps ? first : seed, directory, kill, faults);
      one.run(ends);
      runs += one.story.size();
      if (count == 1 || !one.violations.isEmpty()) {
        System.out.println("seed " + seed + "\n  " + String.join("\n  ", one.story));
      }
      if (!one.violations.isEmpty()) {
        bad++;
        System.out.println("  VIOLATION " + String.join("\n  VIOLATION ", one.violations));
      }
      delete(directory);
      if (sweeps && one.story.get(0).contains(" NONE ")) {
        break; // it has fewer operations
      }
    }
    Files.delete(top);
    System.out.printf("%d seeds, %d runs, %d violated%n", count, runs, bad);
    System.out.println("ends " + ends);
    System.out.println("faults " + faults);
    System.exit(bad > 0 ? 1 : 0);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }

  private void run(Map<String, Integer> ends) throws IOException {
    ManualTime time = new ManualTime();
    try (FaultyOrigin one = new FaultyOrigin();
        FaultyOrigin two = new FaultyOrigin();
        FaultyOrigin three = new FaultyOrigin()) {
      List<FaultyOrigin> origins = List.of(one, two, three);
      one.elsewhere(two);
      two.elsewhere(three);
      three.elsewhere(one);
      origins.forEach(origin -> origin.whileSilent(() -> time.pass(Duration.ofSeconds(5))));
      Scenario scenario = new Scenario(seed, directory, origins, List.of(Act.values()));
      String secret = "CANARY-" + seed + "-" + Long.toHexString(new Random(seed).nextLong());
      Path headers = directory.resolve("headers");
      Files.writeString(headers, one.url() + "/ Authorization: Bearer " + secret + "\n");
      Files.setPosixFilePermissions(
          headers, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
      Oracle oracle =
          new Oracle(scenario.wanted(), scenario.out(), scenario.store(), Oracle.ANY_USER);
      boolean stored = scenario.random().nextInt(5) < 2;
      int faultyRuns = kill.isPresent() ? 1 : scenario.random().nextInt(FAULTY_RUNS + 1);
      for (int n = 0; n < faultyRuns; n++) {
        if (stored && scenario.random().nextInt(4) == 0) {
          poison(scenario, oracle);
        }
        boolean diskIsWell = !bake(scenario, oracle, stored, origins, time, headers, ends, true);
        check(secret, origins, headers);
        story.set(story.size() - 1, story.get(story.size() - 1) + (diskIsWell ? "" : " (disk)"));
      }
      origins.forEach(FaultyOrigin::reform);
      boolean done = false;
      for (int n = 0; n < CLEAN_RUNS && !done; n++) {
        bake(scenario, oracle, stored, origins, time, headers, ends, false);
        done = story.get(story.size() - 1).startsWith("0");
      }
      if (!done) {
        violations.add("it does not come to an end although nothing fails any more");
      }
      check(secret, origins, headers);
    } finally {
      thread.shutdownNow();
    }
  }

  /** One run; true when something befell the disk. */
  private boolean bake(
      Scenario scenario,
      Oracle oracle,
      boolean stored,
      List<FaultyOrigin> origins,
      ManualTime time,
      Path headers,
      Map<String, Integer> ends,
      boolean diskFails)
      throws IOException {
    oracle.look();
    List<BakeEvent> events = new CopyOnWriteArrayList<>();
    ModelBake bake =
        TimedBake.of(scenario.manifest(), time, new Random(seed)::nextDouble)
            .environment(Map.of("HOME", directory.toString()))
            .headersFile(headers)
            .listener(events::add);
    if (stored) {
      bake = bake.store(scenario.store());
    }
    if (diskFails) {
      arm(scenario);
    }
    String end = end(bake, events);
    DiskFaults.Kind disk = DiskFaults.disarm();
    List<Act> played = new ArrayList<>();
    origins.forEach(origin -> played.addAll(origin.takePlayed()));
    story.add(end + " " + disk + " " + played);
    played.forEach(act -> faults.merge(act.toString(), 1, Integer::sum));
    faults.merge("disk " + disk, 1, Integer::sum);
    ends.merge(end.split(" ", 2)[0], 1, Integer::sum);
    boolean success = end.startsWith("0");
    violations.addAll(oracle.judge(success));
    int asked =
        origins.stream()
            .flatMap(origin -> origin.takeAsked().values().stream())
            .mapToInt(Integer::intValue)
            .sum();
    if (asked > scenario.budget()) {
      violations.add("a storm of %d requests".formatted(asked));
    }
    boolean diskIsWell = disk == DiskFaults.Kind.NONE || disk == DiskFaults.Kind.SHORT;
    if (!success && diskIsWell && scenario.isPossible()) {
      violations.add("it fails although a good source is there: " + end);
    }
    if (diskIsWell && played.stream().noneMatch(Act::isLie)) {
      events.stream()
          .filter(BakeEvent.CandidateFailed.class::isInstance)
          .map(BakeEvent.CandidateFailed.class::cast)
          .filter(event -> event.failure().kind() == FailureKind.INTEGRITY)
          .forEach(event -> violations.add("an honest source is accused: " + event));
      if (asked > 0 && events.stream().anyMatch(InProcess::saysReplaced) && success) {
        faults.merge("replaced", 1, Integer::sum);
      }
    }
    return !diskIsWell;
  }

  private void arm(Scenario scenario) {
    if (kill.isPresent()) {
      DiskFaults.arm(directory, DiskFaults.Kind.KILL, kill.getAsInt());
    } else {
      DiskFaults.arm(directory, scenario.random(), OPERATIONS);
    }
  }

  private static boolean saysReplaced(BakeEvent event) {
    return event instanceof BakeEvent.Notice notice && notice.text().startsWith("replaced");
  }

  private String end(ModelBake bake, List<BakeEvent> events) {
    Future<String> run =
        thread.submit(
            () -> {
              try {
                bake.bake();
                return "0";
              } catch (BakeException e) {
                violationsOf(e);
                return e.kind() + " " + e.getMessage();
              }
            });
    try {
      return run.get(HANG_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      run.cancel(true);
      violations.add(
          "it hangs; last heard: " + (events.isEmpty() ? "" : events.get(events.size() - 1)));
      return "HANGS";
    } catch (ExecutionException e) {
      StringWriter stack = new StringWriter();
      e.getCause().printStackTrace(new PrintWriter(stack));
      violations.add("a bug: " + stack);
      return "BUG";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void violationsOf(BakeException failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    if (text.toString().contains("CANARY")) {
      violations.add("a secret in a message: " + failure.getMessage());
    }
    if (failure.getMessage().indexOf('\u001b') >= 0) {
      violations.add("a raw escape in a message: " + failure.getMessage());
    }
  }

  private void check(String secret, List<FaultyOrigin> origins, Path headers) throws IOException {
    violations.addAll(Oracle.holding(secret, directory, headers));
    for (FaultyOrigin origin : origins.subList(1, origins.size())) {
      if (!origin.secrets().isEmpty()) {
        violations.add("a secret went to another host: " + origin.secrets());
      }
    }
  }

  /** Changes a byte of a blob behind the program's back. */
  private static void poison(Scenario scenario, Oracle oracle) throws IOException {
    Path blobs = scenario.store().resolve("blobs/sha256");
    if (!Files.exists(blobs)) {
      return;
    }
    try (Stream<Path> files = Files.list(blobs)) {
      for (Path blob : files.sorted().limit(1).toList()) {
        byte[] bytes = Files.readAllBytes(blob);
        bytes[0] ^= 1;
        Files.write(blob, bytes, StandardOpenOption.WRITE);
        oracle.expectPoisoned(blob);
      }
    }
  }
}
