package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.bake.PinReport;
import dev.modelbake.catalog.Catalog;
import dev.modelbake.catalog.CatalogManifest;
import dev.modelbake.manifest.ManifestFile;
import dev.modelbake.manifest.NewManifest;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.UsageException;
import dev.modelbake.pin.Change;
import dev.modelbake.pin.PinOptions;
import dev.modelbake.report.Labels;
import dev.modelbake.report.PinText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "pin",
    description = {
      "Fill in what is missing of the pins of a manifest, or print ready entries.",
      "Pins are sha256, size, commits and what comes out of archives. Comments, order",
      "and style stay."
    },
    mixinStandardHelpOptions = true)
final class PinCommand implements Callable<Integer> {
  private static final String CATALOG = "catalog:";

  @Parameters(
      arity = "0..*",
      paramLabel = "WHAT",
      description = {
        "Manifests, edited in place (default: models.yaml); or URLs,",
        "hf:ORGANISATION/NAME[@REVISION] and catalog:NAME, for which a",
        "manifest is printed."
      })
  private List<String> subjects = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the manifest for URLs, hf: and catalog: to this new file.")
  private @Nullable Path output;

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description =
          "Only files of a hub's repository whose path matches; * stands for any characters."
              + " Repeatable.")
  private List<String> include = List.of();

  @Option(
      names = "--repin",
      paramLabel = "NAME",
      description = "Find the pins of models whose name matches anew. Repeatable.")
  private List<String> repin = List.of();

  @Option(
      names = "--check",
      description = "Edit nothing: tell what upstream changed. Exit 65 if pinned bytes did.")
  private boolean check;

  @Mixin private final TemporaryOption temporary = new TemporaryOption();

  @Mixin private final SourceOptions source = new SourceOptions();
  @Mixin private final TransferOptions transfer = new TransferOptions();
  @Mixin private final OutputOptions progress = new OutputOptions();

  private final Session session;

  PinCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    temporary.directory(session);
    List<Path> files = new ArrayList<>();
    List<String> entries = new ArrayList<>();
    for (String subject : subjects) {
      entry(subject).ifPresentOrElse(entries::add, () -> files.add(Path.of(subject)));
    }
    if (!entries.isEmpty() && !files.isEmpty()) {
      throw new UsageException(
          "reading arguments",
          "manifests are edited, the rest is printed, not both at once",
          "call pin twice");
    }
    if (entries.isEmpty() && output != null) {
      throw new UsageException(
          "reading -o",
          "a manifest is pinned in place",
          "leave out -o, or name a URL, hf: or catalog:");
    }
    try (Interruption guard = Interruption.guard(session)) {
      guard.watch();
      return entries.isEmpty() ? edit(files) : print(entries);
    }
  }

  /** The text of a new entry, when the argument names something that is no manifest. */
  private static Optional<String> entry(String subject) {
    if (NewManifest.isHub(subject)) {
      return Optional.of(NewManifest.hub(subject));
    }
    if (subject.startsWith(CATALOG)) {
      List<String> names = List.of(subject.substring(CATALOG.length()));
      return Optional.of(CatalogManifest.entries(new Catalog().find(names)));
    }
    if (!subject.matches("(?i)(https?|file):.*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(NewManifest.url(SourceUrl.parse(subject)));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "reading a URL", String.valueOf(e.getMessage()), "write https://HOST/PATH");
    }
  }

  private int edit(List<Path> files) {
    List<Path> manifests = files.isEmpty() ? List.of(SelectionOptions.DEFAULT) : files;
    ExitCode code = ExitCode.OK;
    for (Path path : manifests) {
      ManifestFile file = ManifestFile.read(path);
      if (check) {
        ExitCode found = check(file);
        code = found == ExitCode.OK ? code : found;
      } else {
        PinReport report = pin(file.source(), file.directory(), file.text());
        if (!report.text().equals(file.text())) {
          file.replace(report.text());
        }
        tell(file.source(), report);
        code = report.references().isEmpty() ? code : ExitCode.CONFIGURATION;
      }
    }
    return code.number();
  }

  private int print(List<String> entries) {
    if (output != null && Files.exists(output)) {
      throw new UsageException(
          "reading -o", output + " exists", "name a new file, or remove that one");
    }
    String text = NewManifest.head() + String.join("\n", entries);
    PinReport report = pin("new manifest", Optional.empty(), text);
    new DataFile(output == null ? Path.of("-") : output).write(session, report.text());
    tell(output == null ? "new manifest" : output.toString(), report);
    return ExitCode.OK.number();
  }

  private PinReport pin(String name, Optional<Path> directory, String text) {
    PinOptions options = new PinOptions(repin, include);
    try (Progress shown = progress.progress(session)) {
      return library()
          .listener(shown)
          .pin(name, directory, text, options, temporary.directory(session));
    }
  }

  private ExitCode check(ManifestFile file) {
    List<Change> changes;
    try (Progress shown = progress.progress(session)) {
      changes =
          library()
              .listener(shown)
              .changes(file.source(), file.directory(), file.text(), temporary.directory(session));
    }
    session.err().print(PinText.ofChanges(file.source(), changes));
    if (changes.stream().anyMatch(one -> one.kind() == Change.Kind.CONTENT)) {
      return ExitCode.INTEGRITY;
    }
    return changes.stream().anyMatch(one -> one.kind() == Change.Kind.UNKNOWN)
        ? ExitCode.UNAVAILABLE
        : ExitCode.OK;
  }

  private ModelBake library() {
    ModelBake bake = ModelBake.manifests(List.of()).environment(session.environment());
    return transfer.apply(source.apply(session, bake));
  }

  private void tell(String name, PinReport report) {
    session.err().print(PinText.of(name, report.pins()));
    for (String reference : report.references()) {
      session
          .err()
          .line(
              "%s is an entry of the catalog with unpinned files; `modelbake pin catalog:%s -o FILE`"
                      .formatted(Labels.text(reference), Labels.text(reference))
                  + " writes it out");
    }
  }
}
