package dev.modelbake.plan;

import dev.modelbake.model.HostRules;
import dev.modelbake.model.Location;
import dev.modelbake.model.Model;
import dev.modelbake.model.NameGlob;
import dev.modelbake.model.Text;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a caller decides beside the manifest.
 *
 * @param root the directory that stands for {@code /}
 * @param owner overrides the manifests' and the models'
 * @param home overrides the manifests': what {@code ~} means
 * @param env variables that win over manifest and environment
 * @param dirs directories in place of the models' own, by glob over model names; the first that
 *     matches wins
 */
public record PlanOptions(
    Path root,
    Optional<String> owner,
    Optional<String> home,
    Map<String, String> env,
    Map<String, String> dirs,
    Selection selection,
    Sources sources) {
  /** The whole manifest, on this machine, from everywhere. */
  public static final PlanOptions DEFAULT =
      new PlanOptions(
          Path.of("/"),
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Map.of(),
          Selection.ALL,
          Sources.ALL);

  public PlanOptions {
    env = Map.copyOf(env);
    dirs = Collections.unmodifiableMap(new LinkedHashMap<>(dirs));
  }

  /** The directory that a model is given here, else the one that it names. */
  Optional<Text> dirOf(Model model) {
    for (Map.Entry<String, String> dir : dirs.entrySet()) {
      if (new NameGlob(dir.getKey()).predicate().test(model.name())) {
        return Optional.of(new Text(dir.getValue(), Location.of("--dir")));
      }
    }
    return model.dir();
  }

  /**
   * Which models are meant.
   *
   * @param only globs over model names; empty means all
   * @param except globs over model names
   * @param groups of which a model must have one; empty means any
   */
  public record Selection(List<String> only, List<String> except, List<String> groups) {
    public static final Selection ALL = new Selection(List.of(), List.of(), List.of());

    public Selection {
      only = List.copyOf(only);
      except = List.copyOf(except);
      groups = List.copyOf(groups);
    }
  }

  /**
   * Where bytes may come from.
   *
   * @param mirrors the operator's templates and base URLs, tried first
   * @param rewrites URL prefixes to replace, the first that fits wins
   * @param hosts the only ones that may be asked
   */
  public record Sources(
      List<String> mirrors, Reach reach, List<Rewrite> rewrites, HostRules hosts) {
    public static final Sources ALL =
        new Sources(List.of(), Reach.EVERYWHERE, List.of(), HostRules.ANY);

    public Sources {
      mirrors = List.copyOf(mirrors);
      rewrites = List.copyOf(rewrites);
    }
  }

  /** One prefix and what takes its place. */
  public record Rewrite(String from, String to) {}

  /** How far the candidates reach. */
  public enum Reach {
    EVERYWHERE,
    /** Only the operator's mirrors. */
    ONLY_MIRRORS,
    /** No network: {@code file:} alone. */
    OFFLINE
  }
}
