package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.bake.Verification;
import dev.modelbake.digest.Hasher;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.Digest;
import dev.modelbake.report.FindingsText;
import dev.modelbake.verify.VerifyOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = {
      "Bake a small generated model, past a dead mirror and a lying one.",
      "The origin is inside this process: it needs no network. What it made is removed",
      "unless --keep names a directory."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Mixin private final OutputOptions output = new OutputOptions();

  @Option(names = "--keep", paramLabel = "DIR", description = "Bake into DIR and keep it.")
  private @Nullable Path keep;

  private final Session session;

  DemoCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    Path directory =
        keep == null ? Files.createTempDirectory("modelbake-demo-") : Files.createDirectories(keep);
    try (DemoOrigin origin = new DemoOrigin()) {
      Path manifest = directory.resolve("models.yaml");
      Files.writeString(manifest, manifest(origin, directory.toRealPath().resolve("models")));
      output.print(session, "The manifest, made for this run:\n\n");
      Files.readAllLines(manifest).forEach(line -> output.tell(session, "  " + line));
      return demonstrate(manifest);
    } finally {
      if (keep == null) {
        delete(directory);
      }
    }
  }

  private int demonstrate(Path manifest) {
    output.print(session, "\n$ modelbake bake models.yaml\n");
    BakeReport first = bake(manifest);
    output.print(session, "\n$ modelbake bake models.yaml        # again: nothing to fetch\n");
    bake(manifest);
    Verification verification = call(manifest).verify(VerifyOptions.DEFAULT);
    output.print(session, "\n$ modelbake verify models.yaml\n");
    output.print(session, FindingsText.of(verification.findings(), verification.proven()));
    return verification.proven() == first.files().size()
        ? ExitCode.OK.number()
        : ExitCode.INTERNAL.number();
  }

  private BakeReport bake(Path manifest) {
    try (Progress progress = output.progress(session)) {
      return call(manifest).listener(progress).bake();
    }
  }

  /** Without the caller's environment: a proxy or a store has no part in this. */
  private static ModelBake call(Path manifest) {
    return ModelBake.manifests(List.of(manifest)).environment(Map.of());
  }

  private static String manifest(DemoOrigin origin, Path target) {
    byte[] model = origin.model();
    Hasher hasher = Hasher.of(List.of());
    hasher.update(ByteBuffer.wrap(model));
    Digest digest = hasher.finish().sha256();
    return """
    schema: modelbake/1
    owner: self
    models:
      - name: demo/tiny-model
        license: CC0-1.0
        dir: %s
        files:
          - url: %s       # nobody listens here
            mirrors:
              - %s   # an error page, with status 200
              - %s   # the right bytes
            path: tiny.onnx
            sha256: %s
            size: %d
    """
        .formatted(
            target,
            origin.deadUrl("tiny.onnx"),
            origin.lyingUrl("tiny.onnx"),
            origin.honestUrl("tiny.onnx"),
            digest.hex(),
            model.length);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> below = Files.walk(directory)) {
      below
          .sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
