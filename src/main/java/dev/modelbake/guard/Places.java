package dev.modelbake.guard;

import dev.modelbake.plan.LibraryHomes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directories of a machine in the words of a manifest: {@code ${U2NET_HOME}/x} for {@code
 * /home/user/.u2net/x}.
 *
 * @param home what {@code ~} means
 * @param homes of libraries, by variable
 */
record Places(Path home, Map<String, Path> homes) {
  /** A variable of which the library's own directory is a part further down. */
  private static final String DEEPFACE = "DEEPFACE_HOME";

  private static final String GENERAL = "XDG_CACHE_HOME";

  /** Variables that are no home themselves: libraries look at them for the default of one. */
  private static final List<String> FEEDING =
      List.of("XDG_DATA_HOME", "HUGGINGFACE_HUB_CACHE", "MODULE_PATH", "DATA_GYM_CACHE_DIR");

  private static final Pattern PACKAGES =
      Pattern.compile("(.*/(?:site|dist)-packages)/([A-Za-z0-9_]+)(/.*)?");

  Places {
    homes = Map.copyOf(homes);
  }

  /** The places of an environment. */
  static Places of(Map<String, String> environment) {
    Path home =
        Optional.ofNullable(environment.get("HOME"))
            .filter(path -> path.startsWith("/"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home", "/")));
    Map<String, Path> homes = new TreeMap<>(LibraryHomes.of(environment, home.toString()));
    Path deepface = homes.get(DEEPFACE);
    if (deepface != null) {
      homes.put(DEEPFACE, deepface.resolve(".deepface"));
    }
    return new Places(home, homes);
  }

  /** Where libraries put what they download. */
  List<Path> watched() {
    return homes.values().stream().distinct().sorted().toList();
  }

  /** A directory, or file, in the words of a manifest. */
  String template(Path path) {
    Optional<Map.Entry<String, Path>> best =
        homes.entrySet().stream()
            .filter(entry -> path.startsWith(entry.getValue()))
            .max(
                Comparator.comparing(
                        (Map.Entry<String, Path> entry) -> entry.getValue().getNameCount())
                    .thenComparing(entry -> !entry.getKey().equals(GENERAL))
                    .thenComparing(Map.Entry::getKey));
    if (best.isPresent() && !best.get().getKey().equals(GENERAL)) {
      String lead = "${" + best.get().getKey() + "}";
      String inside = best.get().getKey().equals(DEEPFACE) ? "/.deepface" : "";
      return joined(lead + inside, best.get().getValue(), path);
    }
    Matcher packages = PACKAGES.matcher(path.toString());
    if (packages.matches()) {
      String rest = packages.group(3) == null ? "" : packages.group(3);
      return "${python:" + packages.group(2) + "}" + rest;
    }
    if (best.isPresent()) {
      return joined("${" + GENERAL + "}", best.get().getValue(), path);
    }
    boolean below = home.getNameCount() > 0 && path.startsWith(home);
    return below ? joined("~", home, path) : path.toString();
  }

  private static String joined(String lead, Path directory, Path path) {
    String rest = directory.relativize(path).toString();
    return rest.isEmpty() ? lead : lead + "/" + rest;
  }

  /**
   * What makes an environment lead below another directory: {@code HOME}, and whatever else was set
   * of the variables of libraries and of those that feed them.
   */
  Map<String, String> moved(Map<String, String> environment, Path root) {
    Map<String, String> variables = new TreeMap<>();
    variables.put("HOME", root.resolve("home").toString());
    String base = home.resolve(".local").toString();
    variables.put("PYTHONUSERBASE", environment.getOrDefault("PYTHONUSERBASE", base));
    variables.put("TIKTOKEN_CACHE_DIR", root.resolve("tiktoken").toString());
    List<String> names = new ArrayList<>(homes.keySet());
    names.addAll(FEEDING);
    for (String name : names) {
      if (!environment.getOrDefault(name, "").isEmpty()) {
        variables.put(name, root.resolve(name.toLowerCase(Locale.ROOT)).toString());
      }
    }
    return variables;
  }
}
