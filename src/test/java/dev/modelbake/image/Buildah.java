package dev.modelbake.image;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** buildah with a storage of its own, which needs no daemon and no other privilege than root's. */
final class Buildah {
  private static final JsonBounds BOUNDS = new JsonBounds(1 << 20, 32);

  private final Path directory;

  /** Storage, temporary files and cache mounts all go below this directory. */
  Buildah(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory.resolve("tmp"));
  }

  /** A buildah command which the caller may complete. */
  Program command(Object... arguments) {
    return Program.of(
            "buildah",
            "--storage-driver=vfs",
            "--root=" + directory.resolve("root"),
            "--runroot=" + directory.resolve("run"))
        .and(arguments)
        .with("BUILDAH_ISOLATION", "chroot")
        .with("STORAGE_DRIVER", "vfs")
        .with("TMPDIR", directory.resolve("tmp").toString());
  }

  /** Makes an image of a tar of its files. */
  void load(Path tar, String image) throws IOException {
    Path context = Files.createDirectory(directory.resolve("load"));
    Files.copy(tar, context.resolve("base.tar"));
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nADD base.tar /\n");
    command("build", "--tag", image, context).run().ok();
  }

  /** Whether there is an image of this name. */
  boolean has(String image) {
    return command("images", "--quiet", image).run().exit() == 0;
  }

  /** Runs a shell script in a fresh container of an image, as a user. */
  Program.Ended run(String image, String user, String script) {
    String container = command("from", image).run().ok().out().strip();
    try {
      return command("run", "--user", user, container, "--", "sh", "-ec", script).run();
    } finally {
      command("rm", container).run().ok();
    }
  }

  /** The layers of an image, the lowest first. */
  List<Layer> layers(String image) throws IOException, JsonException {
    Path out = Files.createTempDirectory(directory, "layers");
    command("push", "--quiet", image, "oci:" + out + ":image").run().ok();
    JsonObject index = object(Files.readAllBytes(out.resolve("index.json")));
    String manifest = digests(index, "manifests").get(0);
    List<Layer> layers = new ArrayList<>();
    for (String digest : digests(object(Files.readAllBytes(blob(out, manifest))), "layers")) {
      List<String> names =
          Program.of("tar", "tzf", blob(out, digest)).run().ok().out().lines().toList();
      layers.add(new Layer(digest, names));
    }
    return layers;
  }

  /** Removes all images, containers and mounts. */
  void removeAll() {
    command("rm", "--all").run();
    command("rmi", "--all", "--force").run();
    Program.of("rm", "-rf", directory).run().ok();
  }

  private static Path blob(Path layout, String digest) {
    return layout.resolve("blobs").resolve(digest.replace(':', '/'));
  }

  private static JsonObject object(byte[] text) throws JsonException {
    Json json = JsonReader.read(text, BOUNDS);
    return (JsonObject) json;
  }

  private static List<String> digests(JsonObject object, String array) throws JsonException {
    List<String> digests = new ArrayList<>();
    for (JsonObject item : object.array(array).orElseThrow().objects()) {
      digests.add(item.string("digest").orElseThrow());
    }
    return digests;
  }

  /** One layer: the digest a registry knows, and the names in its tar. */
  record Layer(String digest, List<String> names) {
    /** Whether any file of it lies below a directory, given without the leading slash. */
    boolean hasFilesBelow(String path) {
      return names.stream().anyMatch(name -> name.startsWith(path + "/") && !name.endsWith("/"));
    }
  }
}
