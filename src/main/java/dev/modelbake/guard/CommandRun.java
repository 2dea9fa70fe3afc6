package dev.modelbake.guard;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a command ran: with the input and the outputs of this process, its signals, and nobody left
 * behind.
 *
 * @param exit its code, as a shell has it
 * @param fault why it did not start
 * @param members all processes that were seen
 * @param ended processes that it left behind
 */
record CommandRun(
    int exit, Optional<String> fault, List<Family.Member> members, List<String> ended) {
  /** What is left of pipelines and pools gets this long to end by itself. */
  private static final Duration MOMENT = Duration.ofMillis(500);

  private static final Duration GRACE = Duration.ofSeconds(2);

  /** Runs a command to its end. */
  static CommandRun of(GuardOptions options, Surveillance surveillance) {
    String name = options.command().get(0);
    Executable found = Executable.find(name, options.environment().getOrDefault("PATH", ""));
    if (found.code() != 0) {
      return notStarted(found.code(), found.fault());
    }
    ProcessBuilder builder = new ProcessBuilder(Tether.tied(options.command())).inheritIO();
    Map<String, String> variables = builder.environment();
    variables.clear();
    variables.putAll(surveillance.variables());
    Relay relay = new Relay();
    // Before the command starts: a signal that comes at once is not lost.
    Signals.Forwarding forwarding = options.signals().to(relay::pass);
    try {
      Process process = builder.start();
      relay.begin(process);
      return await(process, found.path().orElseThrow(), options, surveillance);
    } catch (IOException e) {
      return notStarted(Executable.NOT_EXECUTABLE, reason(e));
    } finally {
      forwarding.close();
    }
  }

  /** Java puts its own words before those of the system. */
  private static String reason(IOException e) {
    return String.valueOf(e.getMessage()).replaceFirst("(?s).*error=[0-9]+, ", "");
  }

  private static CommandRun notStarted(int code, String why) {
    return new CommandRun(code, Optional.of(why), List.of(), List.of());
  }

  private static CommandRun await(
      Process process, Path program, GuardOptions options, Surveillance surveillance) {
    try (Family family = new Family(process.toHandle(), surveillance.mark())) {
      family.begin(program, String.join(" ", options.command()));
      surveillance.proxy().ifPresent(proxy -> proxy.owners(family::owner));
      int exit = awaitEnd(process);
      List<String> ended = family.end(MOMENT, GRACE);
      return new CommandRun(exit, Optional.empty(), family.seen(), ended);
    }
  }

  /** An interrupt of this thread ends the command too. */
  private static int awaitEnd(Process process) {
    boolean interrupted = false;
    while (true) {
      try {
        int exit = process.waitFor();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return exit;
      } catch (InterruptedException e) {
        interrupted = true;
        process.destroy();
      }
    }
  }

  /** Hands signals on, those too that came before there was anybody to take them. */
  private static final class Relay {
    private final List<String> early = new ArrayList<>();
    private @Nullable Process process;

    synchronized void begin(Process started) {
      process = started;
      early.forEach(signal -> send(started, signal));
    }

    synchronized void pass(String signal) {
      if (process == null) {
        early.add(signal);
      } else {
        send(process, signal);
      }
    }

    /** A shell's own kill: an image may have no program of that name. */
    private static void send(Process to, String signal) {
      if (signal.equals("TERM")) {
        to.destroy();
        return;
      }
      try {
        new ProcessBuilder("/bin/sh", "-c", "kill -s $0 $1", signal, Long.toString(to.pid()))
            .start()
            .waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (IOException e) {
        to.destroy();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
