package dev.modelbake.guard;

import dev.modelbake.guard.GuardReport.Worth;
import java.util.List;
import java.util.Map;

/**
 * A command to guard.
 *
 * @param command its name and arguments
 * @param environment all its variables
 * @param allow hosts that may be reached: {@code HOST}, {@code HOST:PORT}, {@code *.DOMAIN}
 * @param signals what is sent to this process and meant for the command
 * @param require nothing runs where less than this can be had
 */
public record GuardOptions(
    List<String> command,
    Map<String, String> environment,
    List<String> allow,
    Signals signals,
    Worth require) {
  public GuardOptions {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    allow = List.copyOf(allow);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("a command has at least a name");
    }
  }

  /** A command that runs whatever its guard may be worth. */
  public GuardOptions(
      List<String> command, Map<String, String> environment, List<String> allow, Signals signals) {
    this(command, environment, allow, signals, Worth.NOTHING);
  }
}
