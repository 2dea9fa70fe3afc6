package dev.modelbake.guard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The processes of a command: its descendants, and those that cut themselves loose but still carry
 * its mark in their environment. Looked for again and again while the command runs, since a process
 * that has lost its parent can only be known from before.
 */
final class Family implements AutoCloseable {
  private static final Path PROC = Path.of("/proc");
  private static final Pattern PYTHON = Pattern.compile("(?:python|pypy)[0-9.]*t?d?");
  private static final long FIRST_PAUSE_MILLIS = 5;
  private static final long LONGEST_PAUSE_MILLIS = 100;
  private static final int MOST_COMMAND = 4096;
  private static final int MOST_ENVIRONMENT = 4 << 20;

  private final ProcessHandle command;
  private final String mark;
  private final Map<ProcessHandle, Member> members = new LinkedHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread looking = new Thread(this::lookOn, "modelbake-family");

  /**
   * What was last seen of a process.
   *
   * @param program the name of what it runs
   * @param marked whether it had the variables of the guard
   */
  record Member(long pid, long parent, String program, String line, boolean marked) {
    boolean isPython() {
      return PYTHON.matcher(program).matches();
    }

    @Override
    public String toString() {
      return "%s (%d)".formatted(program, pid);
    }
  }

  /**
   * The processes of a command that has just been started.
   *
   * @param mark a variable with its value that only this run sets
   */
  Family(ProcessHandle command, String mark) {
    this.command = command;
    this.mark = mark;
    looking.setDaemon(true);
    looking.start();
  }

  /** Knows the command itself at once: it may end before anybody looked. */
  synchronized void begin(Path program, String line) {
    Path real = program;
    try {
      real = program.toRealPath();
    } catch (IOException e) {
      // It was found a moment ago; its own name will do.
    }
    members.putIfAbsent(
        command,
        new Member(
            command.pid(),
            ProcessHandle.current().pid(),
            String.valueOf(real.getFileName()),
            line,
            true));
  }

  private void lookOn() {
    long pause = FIRST_PAUSE_MILLIS;
    try {
      while (!closed.await(pause, TimeUnit.MILLISECONDS)) {
        look();
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause + pause / 2 + 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Everyone that was seen. */
  synchronized List<Member> seen() {
    return List.copyOf(members.values());
  }

  private synchronized void look() {
    Set<ProcessHandle> now = new LinkedHashSet<>();
    if (command.isAlive()) {
      now.add(command);
    }
    command.descendants().forEach(now::add);
    for (ProcessHandle one : List.copyOf(members.keySet())) {
      if (one.isAlive() && now.add(one)) {
        one.descendants().forEach(now::add); // it has lost its parents
      }
    }
    now.forEach(this::note);
  }

  private void note(ProcessHandle process) {
    Path entry = PROC.resolve(Long.toString(process.pid()));
    try {
      String program = String.valueOf(Files.readSymbolicLink(entry.resolve("exe")).getFileName());
      String line = text(entry.resolve("cmdline"), MOST_COMMAND).replace('\0', ' ').strip();
      // In the midst of an exec both are empty for a moment, the variables a little longer.
      boolean marked = isMarked(entry) || line.isEmpty() || isMarked(entry);
      long parent = process.parent().map(ProcessHandle::pid).orElse(0L);
      // Between fork and exec a child still is what its parent was.
      boolean tied = process.equals(command) && Tether.isIn(line);
      if (!program.equals("java") && !program.equals("jspawnhelper") && !tied) {
        members.put(process, new Member(process.pid(), parent, program, line, marked));
      }
    } catch (IOException e) {
      members.putIfAbsent(process, new Member(process.pid(), 0, "a process", "", true));
    }
  }

  private boolean isMarked(Path entry) throws IOException {
    return text(entry.resolve("environ"), MOST_ENVIRONMENT).contains(mark);
  }

  private static String text(Path file, int most) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(most), StandardCharsets.ISO_8859_1);
    }
  }

  /** Processes that are still there, whoever their parent is now. */
  private synchronized List<ProcessHandle> living() {
    look();
    Set<ProcessHandle> living = new LinkedHashSet<>(members.keySet());
    try (Stream<Path> all = Files.list(PROC)) {
      for (Path entry : all.toList()) {
        String name = entry.getFileName().toString();
        if (name.matches("[0-9]+") && bears(entry)) {
          ProcessHandle.of(Long.parseLong(name)).ifPresent(living::add);
        }
      }
    } catch (IOException e) {
      return living.stream().filter(Family::runs).toList();
    }
    living.forEach(one -> note(one));
    return living.stream().filter(Family::runs).toList();
  }

  private boolean bears(Path entry) {
    try {
      return isMarked(entry);
    } catch (IOException e) {
      return false; // another user's, or it has just ended
    }
  }

  /** A process that ended and waits to be fetched by its parent runs no more. */
  private static boolean runs(ProcessHandle process) {
    try {
      String stat = text(PROC.resolve(process.pid() + "/stat"), 4096);
      return process.isAlive() && !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends whoever is left: a moment to end by itself, then SIGTERM, then SIGKILL. */
  List<String> end(Duration moment, Duration grace) {
    if (awaitNone(moment)) {
      return List.of();
    }
    List<ProcessHandle> left = living();
    List<String> names = new ArrayList<>();
    synchronized (this) {
      for (ProcessHandle one : left) {
        names.add(Optional.ofNullable(members.get(one)).map(Member::toString).orElse("a process"));
      }
    }
    left.forEach(ProcessHandle::destroy);
    if (!awaitNone(grace)) {
      living().forEach(ProcessHandle::destroyForcibly);
    }
    return names;
  }

  private boolean awaitNone(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    while (!living().isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  /** The process that owns a connection from a port of loopback. */
  synchronized Optional<String> owner(int port) {
    look();
    Optional<String> socket = socket(port);
    if (socket.isEmpty()) {
      return Optional.empty();
    }
    return members.entrySet().stream()
        .filter(entry -> entry.getKey().isAlive() && holds(entry.getKey().pid(), socket.get()))
        .map(entry -> entry.getValue().toString())
        .findFirst();
  }

  private static Optional<String> socket(int port) {
    Pattern row =
        Pattern.compile(
            " *[0-9]+: 0100007F:%04X [0-9A-F:]+ [0-9A-F]{2} \\S+ \\S+ \\S+ +[0-9]+ +[0-9]+ ([0-9]+) .*"
                .formatted(port));
    try (Stream<String> lines = Files.lines(PROC.resolve("net/tcp"), StandardCharsets.US_ASCII)) {
      return lines
          .map(row::matcher)
          .filter(Matcher::matches)
          .map(found -> "socket:[" + found.group(1) + "]")
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean holds(long pid, String socket) {
    try (Stream<Path> open = Files.list(PROC.resolve(pid + "/fd"))) {
      return open.anyMatch(
          fd -> {
            try {
              return Files.readSymbolicLink(fd).toString().equals(socket);
            } catch (IOException e) {
              return false;
            }
          });
    } catch (IOException e) {
      return false;
    }
  }

  /** Stops looking. */
  @Override
  public void close() {
    closed.countDown();
  }
}
