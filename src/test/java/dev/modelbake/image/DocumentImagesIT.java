package dev.modelbake.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.testing.CodeBlock;
import dev.modelbake.testing.Document;
import dev.modelbake.testing.Nginx;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.Program.Ended;
import dev.modelbake.testing.ShippedMirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Builds every Dockerfile of every document, also the parts of one, and runs the commands about
 * images: buildah stands in for {@code docker}, and a small Debian for base images.
 */
class DocumentImagesIT {
  private static final String BASE = "localhost/base";
  private static final Pattern FOREIGN =
      Pattern.compile("(?m)^FROM (--platform=\\S+ )?(?:python|debian|gcr\\.io/)\\S*");

  private static Path work;
  private static Path context;
  private static Path models;
  private static Buildah buildah;
  private static Nginx shipped;

  static Stream<Document> documents() throws IOException {
    return Document.all().stream()
        .filter(
            document ->
                document.blocks().stream()
                    .anyMatch(block -> isBuiltHere(block) || isRunHere(block)));
  }

  private static boolean isBuiltHere(CodeBlock block) {
    return block.language().equals("dockerfile")
        && block.file().isEmpty()
        && block.notRun().isEmpty()
        && block.runBy().isEmpty();
  }

  private static boolean isRunHere(CodeBlock block) {
    return block.runBy().filter("DocumentImagesIT"::equals).isPresent();
  }

  @BeforeAll
  static void makeTheImagesThatReadersHave() throws IOException {
    Peers.require("buildah", "debootstrap", "nginx");
    Peers.requireRoot();
    work = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "documents");
    Path mirror = work.resolve("mirror");
    Path program = Path.of("target/modelbake/bin/modelbake").toAbsolutePath();
    ShippedMirror.export(program, mirror);
    shipped = Nginx.serving(mirror);
    context = Files.createDirectories(work.resolve("context"));
    models = work.resolve("models.yaml");
    Files.writeString(
        models,
        """
        schema: modelbake/1
        owner: appuser
        models:
          - {catalog: tessdata/eng, dir: /opt/models/tessdata}
        """);
    Path tool = context.resolve("target/modelbake");
    Files.createDirectories(tool.getParent());
    Program.of("cp", "-a", "target/modelbake", tool).run().ok();
    Files.createDirectories(tool.resolve("etc"));
    write("target/modelbake/etc/site.yaml", "mirrors: [%s]\n".formatted(shipped.url()));
    write("site.yaml", "mirrors: [%s]\n".formatted(shipped.url()));
    Program.of("cp", "-a", tool, context.resolve("modelbake")).run().ok();
    Program.of("cp", "-a", mirror, context.resolve("mirror")).run().ok();
    Path root = Files.createDirectories(context.resolve("rootfs"));
    Program.of(program, "bake", "--root", root, "--owner", "self")
        .and("--mirror", "file:" + mirror, "--only-mirrors", models)
        .run()
        .ok();
    Files.copy(Path.of("Dockerfile.example"), context.resolve("Dockerfile.example"));
    Files.copy(models, context.resolve("models.yaml"));
    startBuildah();
  }

  private static void startBuildah() throws IOException {
    buildah = new Buildah(work.resolve("storage"));
    buildah.load(BaseImage.tar(), BASE);
    make(
        "localhost/tool",
        """
        FROM localhost/base
        COPY modelbake /opt/modelbake
        ENV PATH=/opt/modelbake/bin:$PATH
        """);
    // What stands before the parts of a Dockerfile that documents show.
    make("localhost/user", "FROM localhost/base\nRUN useradd --create-home --uid 1000 appuser\n");
    make(
        "localhost/baked",
        """
        FROM localhost/tool AS modelbake
        FROM localhost/user
        COPY models.yaml /etc/modelbake/models.yaml
        RUN --mount=type=bind,from=modelbake,source=/opt/modelbake,target=/mnt/modelbake \\
            /mnt/modelbake/bin/modelbake bake --sums /opt/models/SHA256SUMS \\
              /etc/modelbake/models.yaml
        """);
    String shim = context.resolve("bin/buildah").toString();
    // Without its own directory on the path, where it would find itself.
    write(
        "bin/buildah",
        "#!/bin/sh\nPATH=${PATH#*:}\nexec " + words(buildah.command()) + " \"$@\"\n");
    write(
        "bin/docker",
        """
        #!/bin/sh
        # docker build [OPTION...] DIRECTORY; docker run --rm IMAGE COMMAND...
        set -e
        command=$1; shift
        case $command in
          build) exec BUILDAH build --build-arg=PYTHON_IMAGE=BASE --build-arg=TOOL_IMAGE=BASE "$@" ;;
          run) shift; image=$1; shift; container=$(BUILDAH from "$image")
               BUILDAH run "$container" -- "$@"; BUILDAH rm "$container" ;;
          *) exit 64 ;;
        esac
        """
            .replace("BUILDAH", shim)
            .replace("BASE", BASE));
    Program.of("chmod", "-R", "755", context.resolve("bin")).run().ok();
  }

  private static String words(Program program) {
    return String.join(" ", program.command().stream().map(word -> "'" + word + "'").toList());
  }

  @AfterAll
  static void removeAll() {
    if (shipped != null) {
      shipped.close();
    }
    if (buildah != null) {
      buildah.removeAll();
    }
    if (work != null) {
      Program.of("rm", "-rf", work).run().ok();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void theImagesOfADocumentAreBuilt(Document document) throws IOException {
    write("models.yaml", Files.readString(models));
    for (CodeBlock block : document.blocks()) {
      if (block.file().isPresent()) {
        write(block.file().get(), ours(block.text()));
      }
      if (isBuiltHere(block)) {
        Ended ended = build("localhost/document", whole(block.text()));
        assertEquals(0, ended.exit(), () -> block + "\n" + whole(block.text()) + ended);
      } else if (isRunHere(block)) {
        Ended ended = shell(block.script()).run();
        assertEquals(0, ended.exit(), () -> block + "\n" + ended);
      }
    }
  }

  /** A part of a Dockerfile becomes a whole one, and base images those that are here. */
  private static String whole(String text) {
    boolean part = !text.startsWith("FROM ") && !text.startsWith("ARG ");
    boolean bringsTool = text.contains(" AS modelbake");
    String before = text.contains(" bake ") ? "FROM localhost/user\n" : "FROM localhost/baked\n";
    return (bringsTool ? "" : "FROM localhost/tool AS modelbake\n")
        + (part ? before : "")
        + ours(text);
  }

  private static String ours(String text) {
    return FOREIGN
        .matcher(text)
        .replaceAll(
            from ->
                "FROM " + Optional.ofNullable(from.group(1)).orElse("").replace("$", "\\$") + BASE);
  }

  private static void make(String name, String dockerfile) throws IOException {
    build(name, dockerfile).ok();
  }

  private static Ended build(String name, String dockerfile) throws IOException {
    Path file = Files.writeString(work.resolve("Dockerfile"), dockerfile);
    return buildah
        .command("build", "--file=" + file, "--tag=" + name)
        .and("--build-arg=PYTHON_IMAGE=" + BASE, "--build-arg=TOOL_IMAGE=" + BASE, context)
        .run();
  }

  private static void write(String name, String text) throws IOException {
    Path file = context.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static Program shell(String script) {
    Program program = Program.of("bash", "-euo", "pipefail", "-c", script).in(context);
    for (var variable : buildah.command().environment().entrySet()) {
      program = program.with(variable.getKey(), variable.getValue());
    }
    return program.with("PATH", context.resolve("bin") + ":" + System.getenv("PATH"));
  }
}
