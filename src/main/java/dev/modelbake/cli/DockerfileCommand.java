package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.Text;
import dev.modelbake.model.UsageException;
import dev.modelbake.plan.PythonPackages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "dockerfile",
    description = {
      "Print the lines of a Dockerfile that bring these models into an image.",
      "Each comes with its reason. Nothing is read but the manifests."
    },
    mixinStandardHelpOptions = true)
final class DockerfileCommand implements Callable<Integer> {
  private static final String USER = "appuser";
  private static final String STAGED_OWNER = "1000:1000";

  /** Where the models are baked. */
  enum Form {
    /** In the final stage. */
    SIMPLE,
    /** In a stage of their own. */
    STAGED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin private final SelectionOptions selection = new SelectionOptions();

  @Option(
      names = "--owner",
      paramLabel = "OWNER",
      description = "Owner of all files. Wins over the manifest.")
  private @Nullable String owner;

  @Option(
      names = "--form",
      paramLabel = "FORM",
      description = {
        "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}): bake in the final stage,",
        "or in a stage of its own, whose directory is copied."
      })
  private Form form = Form.SIMPLE;

  private final Session session;

  DockerfileCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ModelBake bake =
        selection.apply(ModelBake.manifests(selection.manifests()).environment(Map.of()));
    List<Manifest> manifests = bake.read();
    Optional<String> user = user(manifests);
    List<String> options = new ArrayList<>(selection.arguments());
    boolean staged = form == Form.STAGED;
    String owned = owner;
    if (staged && !isNumeric(owner)) {
      owned = STAGED_OWNER;
    } else if (owner == null && manifests.stream().allMatch(one -> one.owner().isEmpty())) {
      owned = USER;
    }
    if (owned != null) {
      options.addAll(List.of("--owner", owned));
      bake = bake.owner(owned);
    }
    // The printed stage makes the user, with this home.
    bake = bake.home("/home/" + user.orElse(USER));
    DockerfileText text =
        new DockerfileText(
            selection.manifests().stream().map(Path::toString).toList(),
            options,
            user.orElse(USER),
            bake.imageEnvironment(),
            PythonPackages.asked(manifests, List.of()));
    session.out().print(staged ? text.staged(top(bake)) : text.simple());
    return ExitCode.OK.number();
  }

  /** The first owner with a name: the user that the printed stage makes. */
  private Optional<String> user(List<Manifest> manifests) {
    return Stream.concat(
            Optional.ofNullable(owner).stream(),
            manifests.stream()
                .flatMap(
                    manifest ->
                        Stream.concat(
                            manifest.owner().stream(),
                            manifest.models().stream().flatMap(model -> model.owner().stream())))
                .map(Text::value))
        .map(text -> text.replaceAll(":.*", ""))
        .filter(name -> !isNumeric(name) && !name.equals("self") && !name.equals("root"))
        .findFirst();
  }

  private static boolean isNumeric(@Nullable String text) {
    return text != null && text.matches("[0-9]+(:[0-9]+)?");
  }

  /** The directory to copy: one level above the directories of models, and not a system's own. */
  private static String top(ModelBake bake) {
    List<Path> directories = new ArrayList<>();
    for (PlannedFile file : bake.targets()) {
      if (file.target() instanceof Target.Unresolved open) {
        throw new UsageException(
            "writing a stage of its own", open.reason().what(), open.reason().remedy());
      }
      Path parent = ((Target.Resolved) file.target()).base().getParent();
      directories.add(parent == null ? Path.of("/") : parent);
    }
    Path common = directories.get(0);
    for (Path directory : directories) {
      common = shared(common, directory);
    }
    Path top =
        directories.contains(common) ? shared(common, common.resolve("..").normalize()) : common;
    // A copied directory becomes root's, so a home is none to copy.
    boolean home = top.startsWith("/home") || top.startsWith("/root");
    if (home || top.getNameCount() < 2) {
      throw new UsageException(
          "writing a stage of its own",
          "the models lie in "
              + String.join(", ", directories.stream().map(Path::toString).distinct().toList()),
          "put all of them below one directory, such as /opt/models/LIBRARY");
    }
    return top.toString();
  }

  /** The deepest directory that both lie in. */
  private static Path shared(Path one, Path other) {
    Path shared = Path.of("/");
    for (int i = 0; i < Math.min(one.getNameCount(), other.getNameCount()); i++) {
      if (!one.getName(i).equals(other.getName(i))) {
        return shared;
      }
      shared = shared.resolve(one.getName(i));
    }
    return shared;
  }
}
