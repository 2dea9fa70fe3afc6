package dev.modelbake.manifest;

import dev.modelbake.model.MissingException;
import dev.modelbake.model.Printable;
import dev.modelbake.model.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Gets the bytes of manifests, bounded, from regular files and standard input only. */
final class ManifestFiles {
  static final int MOST_BYTES = 16 << 20;

  private static final Path DEFAULT = Path.of("models.yaml");
  private static final Path STANDARD_INPUT = Path.of("-");
  private static final Path STANDARD_INPUT_DEVICE = Path.of("/dev/stdin");

  private final InputStream standardInput;

  ManifestFiles(InputStream standardInput) {
    this.standardInput = standardInput;
  }

  /**
   * Reads one manifest whole.
   *
   * @throws MissingException if there is no such file, or none that can be read
   * @throws Unreadable if it is longer than {@link #MOST_BYTES}; it is not read then
   */
  ManifestText read(Path file) throws Unreadable {
    String source = name(file);
    if (source.startsWith(CatalogSection.SCHEME)) {
      return reference(source);
    }
    try {
      if (file.equals(STANDARD_INPUT) || file.equals(STANDARD_INPUT_DEVICE)) {
        return new ManifestText(source, Optional.empty(), bounded(standardInput));
      }
      if (!Files.isRegularFile(file)) {
        throw notAFile(file);
      }
      if (Files.size(file) > MOST_BYTES) {
        throw ManifestText.tooLong(source);
      }
      Path directory = file.toAbsolutePath().normalize().getParent();
      try (InputStream in = Files.newInputStream(file)) {
        return new ManifestText(source, Optional.ofNullable(directory), bounded(in));
      }
    } catch (IOException e) {
      throw cannotRead(file, e);
    }
  }

  /** A manifest with one entry of the catalog in it. */
  private static ManifestText reference(String source) {
    String name = source.substring(CatalogSection.SCHEME.length());
    String text =
        "schema: %s\nmodels: [{catalog: '%s'}]\n"
            .formatted(ManifestSection.SCHEMA, name.replace("'", "''"));
    return new ManifestText(source, Optional.empty(), text.getBytes(StandardCharsets.UTF_8));
  }

  /** The file as the user named it, printable. */
  static String name(Path file) {
    return file.equals(STANDARD_INPUT) ? "<stdin>" : Printable.of(file.toString(), 4096);
  }

  /** A file may grow after its size was asked for, and some in /proc say that they have none. */
  private static byte[] bounded(InputStream in) throws IOException {
    return in.readNBytes(MOST_BYTES + 1);
  }

  private static MissingException notAFile(Path file) {
    if (Files.isDirectory(file)) {
      return new MissingException(
          reading(file),
          "it is a directory",
          "give the path of the manifest in it, such as " + name(file.resolve(DEFAULT.toString())),
          null);
    }
    if (Files.exists(file)) {
      return new MissingException(
          reading(file),
          "it is not a regular file",
          "save it to a file, or give - and pipe it in",
          null);
    }
    return absent(file);
  }

  private static MissingException absent(Path file) {
    boolean isDefault = file.equals(DEFAULT);
    String remedy =
        isDefault
            ? "write it, or name the manifest on the command line; in an image build see that"
                + " .dockerignore does not leave it out and that the RUN mounts it:"
                + " --mount=type=bind,source=models.yaml,target=models.yaml"
            : "see that the path is right; in an image build, that .dockerignore does not leave it"
                + " out and that the RUN mounts it (--mount=type=bind) or a COPY brings it";
    return new MissingException(reading(file), "there is no such file", remedy, null);
  }

  private static MissingException cannotRead(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return absent(file);
    }
    if (e instanceof AccessDeniedException) {
      return new MissingException(
          reading(file), "permission denied", "let the running user read it (chmod a+r)", e);
    }
    return new MissingException(
        reading(file), "it cannot be read: " + Reason.of(e), "see that it is a readable file", e);
  }

  private static String reading(Path file) {
    return "reading the manifest " + name(file);
  }
}
