package dev.modelbake.plan;

import dev.modelbake.layout.HubCache;
import dev.modelbake.model.Access;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.FilePart;
import dev.modelbake.model.HubEndpoint;
import dev.modelbake.model.HubRepository;
import dev.modelbake.model.Layout;
import dev.modelbake.model.Location;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Place;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Problem;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.Target;
import dev.modelbake.model.Text;
import dev.modelbake.model.Unpacking;
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
  private final PythonPackages python;
  private final Map<String, String> environment;
  private final String hubEndpoint;

  /** A planner for one place. */
  public Planner(PlanOptions options, Surroundings surroundings) {
    this.options = options;
    this.owners = new Owners(surroundings);
    this.python = surroundings.python();
    this.hubEndpoint = HubEndpoint.of(surroundings.environment());
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
    Selector.requireDirs(options.dirs().keySet(), all);
    Draft draft = new Draft();
    for (Manifest manifest : manifests) {
      manifest.models().stream()
          .filter(selected::contains)
          .forEach(model -> draft.add(manifest, model));
      draft.notices.addAll(notices(manifest));
    }
    return draft.plan();
  }

  /** The plan while it grows. */
  private final class Draft {
    final Candidates candidates = new Candidates(options.sources(), hubEndpoint);
    final Targets targets = new Targets();
    final List<PlannedFile> files = new ArrayList<>();
    final List<PlannedDirectory> directories = new ArrayList<>();
    final Set<String> names = new HashSet<>();
    final Set<Problem> notices = new LinkedHashSet<>();
    final List<Problem> problems = new ArrayList<>();

    void add(Manifest manifest, Model model) {
      Places places = new Places(manifest, model);
      model.catalog().ifPresent(digest -> notices.add(shipped(model, digest)));
      if (model.files().isEmpty() && model.dirs().isEmpty()) {
        problems.add(
            Problem.error(
                model.at(),
                "no-files",
                "%s lists no files".formatted(model.name()),
                "run `modelbake pin %s`, which lists those of its repository"
                    .formatted(model.at().source())));
      }
      for (ModelFile file : model.files()) {
        PlannedFile planned =
            new PlannedFile(
                unique(name(model, file)),
                model.name(),
                file.at(),
                file.pin(),
                origin(manifest, model, file),
                file.unpacking(),
                places.target(file),
                State.UNKNOWN);
        claim(planned);
        for (Place place : file.also()) {
          claim(planned.at(unique(model.name() + "/" + place.path()), places.target(file, place)));
        }
      }
      model.hub().ifPresent(hub -> ref(model, hub, places));
      for (Text dir : model.dirs()) {
        String name = dir.value().isEmpty() ? model.name() : model.name() + "/" + dir.value();
        directories.add(
            new PlannedDirectory(
                unique(name), model.name(), dir.at(), places.target(dir), State.UNKNOWN));
      }
    }

    private static Problem shipped(Model model, Digest digest) {
      return Problem.note(
          model.at(),
          "catalog",
          "%s is as the catalog of this version has it, %s".formatted(model.name(), digest),
          "`modelbake catalog show %s --manifest` writes it out".formatted(model.name()));
    }

    private void claim(PlannedFile file) {
      if (targets.claim(file)) {
        files.add(file);
      }
    }

    private Origin origin(Manifest manifest, Model model, ModelFile file) {
      if (file.parts().isEmpty()) {
        return new Origin.Download(candidates.of(model, file, manifest.mirrors()));
      }
      List<Origin.Part> parts = new ArrayList<>();
      for (FilePart part : file.parts()) {
        String number = " (part %d of %d)".formatted(parts.size() + 1, file.parts().size());
        parts.add(
            new Origin.Part(
                name(model, file) + number,
                part.pin(),
                candidates.of(model, file, part, manifest.mirrors())));
      }
      return new Origin.Parts(parts);
    }

    /** The reference comes after the files of its commit: who finds it finds them. */
    private void ref(Model model, HubRepository hub, Places places) {
      if (model.layout() != Layout.HUGGINGFACE || hub.ref().isEmpty()) {
        return;
      }
      String ref = hub.ref().get();
      String commit = hub.revision().value();
      claim(
          new PlannedFile(
              unique(model.name() + "/refs/" + ref),
              model.name(),
              hub.revision().at(),
              Optional.of(Descriptor.ofText(commit)),
              new Origin.Literal(commit),
              new Unpacking.None(),
              places.ref(hub, ref),
              State.UNKNOWN));
    }

    private String unique(String name) {
      String candidate = name;
      for (int n = 2; !names.add(candidate); n++) {
        candidate = name + " (" + n + ")";
      }
      return candidate;
    }

    Plan plan() {
      problems.addAll(targets.problems());
      if (!problems.isEmpty()) {
        throw new ManifestException(problems);
      }
      return new Plan(options.root(), files, directories, List.of(), List.copyOf(notices));
    }
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
              options.env(),
              manifest.env(),
              environment,
              python,
              at -> owners.home(ownerText, home, at));
    }

    /** Where a file goes. */
    Target target(ModelFile file) {
      return target(
          file.path(),
          () -> {
            FileMode mode = file.mode().orElse(model.mode());
            if (model.layout() == Layout.FLAT) {
              return flat(below(directory(), file.path()), mode);
            }
            HubRepository hub = model.hub().orElseThrow();
            requireCommit(hub);
            HubCache cache = cache(hub);
            return new Target.Resolved(
                cache.pointer(hub.revision().value(), file.path()),
                Optional.of(
                    new Target.Cache(
                        cache.folder(), file.lfs() ? Target.BlobName.SHA256 : Target.BlobName.GIT)),
                owner(),
                mode,
                model.dirMode());
          });
    }

    /** Where the bytes of a file go as well. */
    Target target(ModelFile file, Place place) {
      return target(
          place.path(),
          () -> {
            Path directory = place.dir().isPresent() ? absolute(place.dir().get()) : directory();
            return flat(below(directory, place.path()), file.mode().orElse(model.mode()));
          });
    }

    /** Where a directory is made. */
    Target target(Text dir) {
      return target(dir.value(), () -> flat(below(directory(), dir.value()), model.mode()));
    }

    /** The file that says what commit a branch or tag is. */
    Target ref(HubRepository hub, String ref) {
      return target(
          ref,
          () -> {
            requireCommit(hub);
            return flat(cache(hub).ref(ref), model.mode());
          });
    }

    private Target target(String path, Finding finding) {
      try {
        return finding.target();
      } catch (Unresolvable e) {
        String dir = options.dirOf(model).map(Text::value).orElse("?");
        return new Target.Unresolved(
            path.isEmpty() ? dir : dir + "/" + path, e.kind(), e.problem());
      }
    }

    private Target.Resolved flat(Path path, FileMode mode) throws Unresolvable {
      return new Target.Resolved(path, owner(), mode, model.dirMode());
    }

    private Owner owner() throws Unresolvable {
      Owner owner = owners.owner(ownerText);
      return model.access() == Access.SHARED ? new Owner(owner.uid(), 0) : owner;
    }

    private HubCache cache(HubRepository hub) throws Unresolvable {
      return HubCache.of(directory(), hub);
    }

    private void requireCommit(HubRepository hub) throws Unresolvable {
      if (!hub.isPinned()) {
        throw new Unresolvable(
            Problem.error(
                hub.revision().at(),
                "revision-not-pinned",
                "%s is no commit, and the cache names its files by commit"
                    .formatted(hub.revision().value()),
                "run `modelbake pin %s`".formatted(hub.revision().at().source())));
      }
    }

    private Path directory() throws Unresolvable {
      Optional<Text> dir = options.dirOf(model);
      if (dir.isEmpty()) {
        throw new Unresolvable(
            Problem.error(
                model.at(),
                "dir-missing",
                "%s has no directory".formatted(model.name()),
                "write dir: in its entry, or give --dir %s=PATH".formatted(model.name())));
      }
      return absolute(dir.get());
    }

    private Path absolute(Text text) throws Unresolvable {
      String dir = variables.resolve(text);
      if (!dir.startsWith("/")) {
        throw new Unresolvable(
            Problem.error(
                text.at(),
                "relative-dir",
                "the directory " + dir + " is not absolute",
                "begin it with /, ~ or a variable"));
      }
      try {
        return Path.of(dir).normalize();
      } catch (InvalidPathException e) {
        throw unwritable(text.at());
      }
    }

    private Path below(Path directory, String path) throws Unresolvable {
      try {
        return path.isEmpty() ? directory : directory.resolve(path);
      } catch (InvalidPathException e) {
        throw unwritable(model.at());
      }
    }

    private static Unresolvable unwritable(Location at) {
      return new Unresolvable(
          Problem.error(
              at,
              "path-charset",
              "this locale cannot write the path's characters",
              "set LC_ALL=C.UTF-8"),
          FailureKind.CONFIGURATION);
    }
  }

  /** Finds a target, or why it cannot be told. */
  @FunctionalInterface
  private interface Finding {
    Target.Resolved target() throws Unresolvable;
  }
}
