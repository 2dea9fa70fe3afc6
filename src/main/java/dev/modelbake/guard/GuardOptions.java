package dev.modelbake.guard;

import java.util.List;
import java.util.Map;

/**
 * A command to guard.
 *
 * @param command its name and arguments
 * @param environment all its variables
 * @param allow hosts that may be reached: {@code HOST}, {@code HOST:PORT}, {@code *.DOMAIN}
 * @param signals what is sent to this process and meant for the command
 */
public record GuardOptions(
    List<String> command, Map<String, String> environment, List<String> allow, Signals signals) {
  public GuardOptions {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    allow = List.copyOf(allow);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("a command has at least a name");
    }
  }
}
