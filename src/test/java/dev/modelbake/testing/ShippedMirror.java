package dev.modelbake.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A mirror with those models of the catalog whose files are kept beside the project. */
public final class ShippedMirror {
  private static final String[] MODELS = {
    "tessdata/eng", "dlib/mmod-human-face-detector", "nltk/stopwords"
  };

  private ShippedMirror() {}

  /** Makes it with the program itself, which asks nobody outside. */
  public static void export(Path program, Path mirror) throws IOException {
    Path models = RealModels.folder();
    Path manifest = mirror.resolveSibling("shipped.yaml");
    Program shown = Program.of(program, "catalog", "show", "--manifest").and((Object[]) MODELS);
    Files.writeString(manifest, shown.run().ok().out());
    Program.of(program, "mirror", "export", mirror, "--offline", "--from", models, manifest)
        .run()
        .ok();
  }
}
