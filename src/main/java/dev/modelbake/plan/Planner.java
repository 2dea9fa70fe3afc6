package dev.modelbake.plan;

import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Location;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Problem;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.Target;
import dev.modelbake.model.Text;
import dev.modelbake.model.UsageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides, without touching anything, what a bake will do. */
public final class Planner {
  private static final Path SLASH = Path.of("/");

  private final PlanOptions options;
  private final Owners owners;
  private final Map<String, String> environment;

  /** A planner for one place. */
  public Planner(PlanOptions options, Surroundings surroundings) {
    this.options = options;
    this.owners = new Owners(surroundings);
    // Another root is another image: the variables of this process are not its variables.
    this.environment = options.root().equals(SLASH) ? surroundings.environment() : Map.of();
  }

  /**
   * The plan of some manifests. A target that cannot be told here is {@link Target.Unresolved}, not
   * an error; states and disks are unknown yet.
   *
   * @throws ManifestException if files get in each other's way
   * @throws UsageException if a selector matches nothing
   */
  public Plan plan(List<Manifest> manifests) {
    List<Model> all = manifests.stream().flatMap(manifest -> manifest.models().stream()).toList();
    Set<Model> selected = new LinkedHashSet<>(new Selector(options.selection()).select(all));
    Candidates candidates = new Candidates(options.sources());
    Targets targets = new Targets();
    List<PlannedFile> files = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<Problem> notices = new LinkedHashSet<>();
    for (Manifest manifest : manifests) {
      for (Model model : manifest.models()) {
        if (!selected.contains(model)) {
          continue;
        }
        Places places = new Places(manifest, model);
        for (ModelFile file : model.files()) {
          PlannedFile planned =
              new PlannedFile(
                  unique(name(model, file), names),
                  model.name(),
                  file.at(),
                  file.pin(),
                  candidates.of(model, file, manifest.mirrors()),
                  file.unpacking(),
                  places.target(file),
                  PlannedFile.State.UNKNOWN);
          if (targets.claim(planned)) {
            files.add(planned);
          }
        }
      }
      notices.addAll(notices(manifest));
    }
    List<Problem> problems = targets.problems();
    if (!problems.isEmpty()) {
      throw new ManifestException(problems);
    }
    return new Plan(options.root(), files, List.of(), List.copyOf(notices));
  }

  private static List<Problem> notices(Manifest manifest) {
    return manifest.mirrors().stream()
        .filter(mirror -> mirror.value().startsWith("oci:"))
        .map(
            mirror ->
                Problem.warning(
                    mirror.at(),
                    "oci-mirror",
                    "registry mirrors are not supported by this version; this one is passed over",
                    "name an https mirror too"))
        .toList();
  }

  /** Model and path; an archive that fills the model's directory goes by its own name. */
  private static String name(Model model, ModelFile file) {
    if (!file.path().isEmpty()) {
      return model.name() + "/" + file.path();
    }
    String archive = file.sources().isEmpty() ? "" : lastSegment(file.sources().get(0).value());
    return archive.isEmpty() ? model.name() : model.name() + "/" + archive;
  }

  private static String lastSegment(String url) {
    try {
      return SourceUrl.parse(url).fileName();
    } catch (IllegalArgumentException e) {
      return ""; // a template; the model's name alone is clear enough
    }
  }

  private static String unique(String name, Set<String> taken) {
    String candidate = name;
    for (int n = 2; !taken.add(candidate); n++) {
      candidate = name + " (" + n + ")";
    }
    return candidate;
  }

  /** Where the files of one model go. */
  private final class Places {
    private final Model model;
    private final Optional<Text> ownerText;
    private final Optional<String> home;
    private final Variables variables;

    Places(Manifest manifest, Model model) {
      this.model = model;
      this.ownerText =
          options
              .owner()
              .map(text -> new Text(text, Location.of("--owner")))
              .or(model::owner)
              .or(manifest::owner);
      this.home = options.home().or(() -> manifest.home().map(Text::value));
      this.variables =
          new Variables(
              options.env(), manifest.env(), environment, at -> owners.home(ownerText, home, at));
    }

    Target target(ModelFile file) {
      try {
        Owner owner = owners.owner(ownerText);
        return new Target.Resolved(
            path(file), owner, file.mode().orElse(model.mode()), model.dirMode());
      } catch (Unresolvable e) {
        String text = file.path().isEmpty() ? model.dir().value() : model.dir() + "/" + file.path();
        return new Target.Unresolved(text, e.kind(), e.problem());
      }
    }

    private Path path(ModelFile file) throws Unresolvable {
      String dir = variables.resolve(model.dir());
      if (!dir.startsWith("/")) {
        throw new Unresolvable(
            Problem.error(
                model.dir().at(),
                "relative-dir",
                "the directory " + dir + " is not absolute",
                "begin it with /, ~ or a variable"));
      }
      try {
        Path directory = Path.of(dir).normalize();
        return file.path().isEmpty() ? directory : directory.resolve(file.path());
      } catch (InvalidPathException e) {
        throw new Unresolvable(
            Problem.error(
                model.dir().at(),
                "path-charset",
                "this locale cannot write the path's characters",
                "set LC_ALL=C.UTF-8"),
            FailureKind.CONFIGURATION);
      }
    }
  }
}
