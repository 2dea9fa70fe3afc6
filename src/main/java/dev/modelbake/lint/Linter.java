package dev.modelbake.lint;

import dev.modelbake.model.Location;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks for what can be baked and still goes wrong later. */
public final class Linter {
  private static final String OTHER_CACHE = "SENTENCE_TRANSFORMERS_HOME";
  private static final int SEARCHABLE = 0100;

  /** Variables that libraries read when they run. */
  private final Set<String> libraryVariables;

  private final Pickles pickles;

  /**
   * A linter.
   *
   * @param libraryVariables names such as {@code U2NET_HOME}
   * @param shipped models that may have a safer form of the same weights
   */
  public Linter(Set<String> libraryVariables, List<Model> shipped) {
    this.libraryVariables = Set.copyOf(libraryVariables);
    this.pickles = new Pickles(shipped);
  }

  /** Warnings and notes, manifest by manifest. */
  public List<Problem> lint(List<Manifest> manifests) {
    List<Problem> found = new ArrayList<>();
    for (Manifest manifest : manifests) {
      manifest.env().forEach((name, value) -> finalStage(name, value).ifPresent(found::add));
      for (Model model : manifest.models()) {
        found.addAll(model(manifest, model));
      }
    }
    return found;
  }

  private List<Problem> model(Manifest manifest, Model model) {
    List<Problem> found = new ArrayList<>();
    Optional<Text> owner = model.owner().or(manifest::owner);
    rootHome(manifest, model, owner).ifPresent(found::add);
    unsearchable(model).ifPresent(found::add);
    otherCache(manifest, model).ifPresent(found::add);
    for (ModelFile file : model.files()) {
      sources(file).map(MovingUrls::problem).flatMap(Optional::stream).forEach(found::add);
      pickles.problem(model, file).ifPresent(found::add);
    }
    return found;
  }

  private static Stream<Text> sources(ModelFile file) {
    return Stream.concat(
        file.sources().stream(), file.parts().stream().flatMap(part -> part.sources().stream()));
  }

  /** The bake follows the variable, and the library will only if the final image sets it too. */
  private Optional<Problem> finalStage(String name, Text value) {
    return libraryVariables.contains(name)
        ? Optional.of(
            Problem.note(
                value.at(),
                "final-env",
                "the final stage must set %s too, or its library looks elsewhere".formatted(name),
                "`modelbake env %s` prints the lines".formatted(value.at().source())))
        : Optional.empty();
  }

  private static Optional<Problem> rootHome(Manifest manifest, Model model, Optional<Text> owner) {
    boolean root = owner.isEmpty() || Set.of("root", "0", "self").contains(user(owner.get()));
    String home = manifest.home().map(Text::value).orElse("");
    boolean inside =
        model.dir().map(Text::value).filter(dir -> isBelow(expanded(dir, home))).isPresent();
    return !root && inside
        ? Optional.of(
            Problem.warning(
                at(model),
                "root-home",
                "the directory lies in root's home, which %s cannot search"
                    .formatted(user(owner.orElseThrow())),
                "choose a directory that the owner can reach, such as /opt/models"))
        : Optional.empty();
  }

  private static Location at(Model model) {
    return model.dir().map(Text::at).orElse(model.at());
  }

  private static String user(Text owner) {
    return owner.value().replaceAll(":.*", "");
  }

  private static String expanded(String dir, String home) {
    return dir.equals("~") || dir.startsWith("~/") ? home + dir.substring(1) : dir;
  }

  private static boolean isBelow(String dir) {
    return dir.equals("/root") || dir.startsWith("/root/");
  }

  private static Optional<Problem> unsearchable(Model model) {
    return (model.dirMode().bits() & SEARCHABLE) == 0
        ? Optional.of(
            Problem.warning(
                model.at(),
                "unsearchable",
                "with dir-mode %s the owner cannot search the directories that are made"
                    .formatted(model.dirMode()),
                "write dir-mode: \"0755\", or leave it out"))
        : Optional.empty();
  }

  /** That library takes the directory for its cache and then does not look into the hub's. */
  private static Optional<Problem> otherCache(Manifest manifest, Model model) {
    Map<String, Text> env = manifest.env();
    Text other = env.getOrDefault(OTHER_CACHE, model.env().get(OTHER_CACHE));
    return model.hub().isPresent() && other != null
        ? Optional.of(
            Problem.warning(
                other.at(),
                "other-cache",
                "where %s is set, sentence-transformers looks there and not in the hub's cache"
                    .formatted(OTHER_CACHE),
                "remove it, or write dir: ${%s} in the model".formatted(OTHER_CACHE)))
        : Optional.empty();
  }
}
