package dev.modelbake.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The variables as the caller of the launcher had them. It sets a locale and unsets options for
 * Java, which are not meant for a command that we run.
 */
final class CallerEnvironment {
  private static final String PREFIX = "MODELBAKE_CALLER";
  private static final List<String> CHANGED =
      List.of("LC_ALL", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private CallerEnvironment() {}

  /** What a command is to be started with. */
  static Map<String, String> of(Map<String, String> environment) {
    Map<String, String> caller = new TreeMap<>(environment);
    if (caller.remove(PREFIX) == null) {
      return caller; // started without the launcher, which changes nothing
    }
    for (String name : CHANGED) {
      String before = caller.remove(PREFIX + "_" + name);
      if (before == null) {
        caller.remove(name);
      } else {
        caller.put(name, before);
      }
    }
    return caller;
  }
}
