package dev.modelbake.cli;

import dev.modelbake.guard.Signals;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The signals of this process, for a command that runs in its place. Java has no interface for
 * them, so {@code sun.misc.Signal} is reached by its name; a runtime without it ends as it always
 * does.
 */
final class ProcessSignals implements Signals {
  /** Not QUIT, which the Java machine keeps for itself. */
  private static final List<String> NAMES =
      List.of("HUP", "INT", "TERM", "USR1", "USR2", "WINCH", "ALRM", "CONT", "TSTP");

  private static final Set<String> KEYBOARD = Set.of("INT", "TSTP", "WINCH");
  private static final String CLASS = "sun.misc.Signal";
  private static final String HANDLER = "sun.misc.SignalHandler";

  @Override
  public Forwarding to(Consumer<String> command) {
    List<Runnable> undo = new ArrayList<>();
    try {
      Class<?> type = Class.forName(CLASS);
      Class<?> handler = Class.forName(HANDLER);
      Method handle = type.getMethod("handle", type, handler);
      for (String name : NAMES) {
        Object signal = type.getConstructor(String.class).newInstance(name);
        InvocationHandler forward =
            (proxy, method, arguments) -> {
              if (method.getName().equals("handle")) {
                take(name, command);
              }
              return null;
            };
        Object ours =
            Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {handler}, forward);
        Object before = handle.invoke(null, signal, ours);
        undo.add(
            () -> {
              try {
                handle.invoke(null, signal, before);
              } catch (ReflectiveOperationException e) {
                // The process is about to end: it keeps our handler.
              }
            });
      }
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // What was set up so far is undone at the end; the rest ends the process as it always does.
    }
    return () -> undo.forEach(Runnable::run);
  }

  private static void take(String name, Consumer<String> command) {
    if (!isTerminals(name)) {
      command.accept(name);
    }
    if (name.equals("TSTP")) {
      stop();
    }
  }

  /** What the signal does to a process that does not handle it: a shell waits for that. */
  private static void stop() {
    try {
      String self = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("/bin/sh", "-c", "kill -s STOP $0", self).start().waitFor();
    } catch (IOException e) {
      return; // without a shell nobody waits for it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A terminal sends Ctrl-C, Ctrl-Z and its size to its whole foreground group, in which the
   * command is too: sent again, it would come twice.
   */
  private static boolean isTerminals(String name) {
    if (!KEYBOARD.contains(name)) {
      return false;
    }
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      String group = fields[2];
      String terminal = fields[4];
      String foreground = fields[5];
      return !terminal.equals("0") && group.equals(foreground);
    } catch (IOException | IndexOutOfBoundsException e) {
      return false;
    }
  }
}
