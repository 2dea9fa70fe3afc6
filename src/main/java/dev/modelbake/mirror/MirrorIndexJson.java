package dev.modelbake.mirror;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.mirror.MirrorIndex.MirrorFile;
import dev.modelbake.mirror.MirrorIndex.MirrorModel;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.Explanation;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.MirrorException;
import dev.modelbake.model.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The index of a mirror as JSON, {@code modelbake-index/1}. */
final class MirrorIndexJson {
  /** Some 250 bytes for each file: enough for several hundred thousand. */
  static final int MOST_BYTES = 128 << 20;

  private static final JsonBounds BOUNDS = new JsonBounds(MOST_BYTES, 8);
  private static final String SCHEMA = "modelbake-index/1";
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final int QUOTE = 120;
  private static final int LONGEST = 1024;

  private final String source;

  private MirrorIndexJson(String source) {
    this.source = source;
  }

  /** The document. */
  static byte[] write(MirrorIndex index) {
    JsonObject json =
        Json.object()
            .with("schema", SCHEMA)
            .with("name", index.name())
            .with("counter", index.counter())
            .with("models", index.models().stream().map(MirrorIndexJson::model).toList());
    JsonObject whole =
        index.tool().isEmpty()
            ? json
            : json.with("tool", index.tool().stream().map(MirrorIndexJson::file).toList());
    return whole.pretty().getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject model(MirrorModel model) {
    return Json.object()
        .with("name", model.name())
        .withOptional("license", model.license().map(Json::of))
        .with("files", model.files().stream().map(MirrorIndexJson::file).toList());
  }

  private static JsonObject file(MirrorFile file) {
    return Json.object()
        .with("path", file.path())
        .with("digest", file.content().digest().toString())
        .with("size", file.size())
        .withOptional("source", file.source().map(Json::of));
  }

  /**
   * Reads a document.
   *
   * @param source what to call it
   * @throws MirrorException if it is no index, or names a path that leaves its place
   */
  static MirrorIndex read(String source, byte[] bytes) {
    try {
      return new MirrorIndexJson(source).index(JsonReader.read(bytes, BOUNDS));
    } catch (JsonException e) {
      throw unreadable(source, Printable.of(String.valueOf(e.getMessage()), QUOTE), e);
    }
  }

  private static MirrorException unreadable(String source, String what, Throwable cause) {
    return new MirrorException(
        FailureKind.INTEGRITY,
        new Explanation(
            "reading the index " + source,
            "it is no index of a mirror: " + what,
            "copy it again; or remove it, and export again what the mirror is to hold"),
        List.of(),
        cause);
  }

  private MirrorIndex index(Json json) throws JsonException {
    if (!(json instanceof JsonObject object)) {
      throw new JsonException("an object is expected");
    }
    String schema = text(object, "schema");
    if (!schema.equals(SCHEMA)) {
      throw new JsonException("its schema is %s, known is %s".formatted(schema, SCHEMA));
    }
    List<MirrorModel> models = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonObject one : object.array("models").orElseThrow(missing("models")).objects()) {
      MirrorModel model = new MirrorModel(text(one, "name"), license(one), files(one, "files"));
      if (!names.add(model.name())) {
        throw new JsonException("the model %s is there twice".formatted(model.name()));
      }
      models.add(model);
    }
    long counter = object.whole("counter").orElse(-1);
    if (counter < 0) {
      throw new JsonException("it has no counter");
    }
    return new MirrorIndex(text(object, "name"), counter, models, files(object, "tool"));
  }

  private static Supplier<JsonException> missing(String name) {
    return () -> new JsonException("it has no " + name);
  }

  private static Optional<String> license(JsonObject json) throws JsonException {
    return json.string("license");
  }

  private List<MirrorFile> files(JsonObject json, String name) throws JsonException {
    List<MirrorFile> files = new ArrayList<>();
    Set<String> paths = new HashSet<>();
    if (json.array(name).isPresent()) {
      for (JsonObject one : json.array(name).get().objects()) {
        MirrorFile file = file(one);
        if (!paths.add(file.path())) {
          throw new JsonException("the path %s is there twice".formatted(file.path()));
        }
        files.add(file);
      }
    }
    return files;
  }

  private MirrorFile file(JsonObject json) throws JsonException {
    String path = text(json, "path");
    if (leaves(path)) {
      throw new MirrorException(
          FailureKind.REFUSED,
          new Explanation(
              "reading the index " + source,
              "it names a path that leaves its place: " + Printable.of(path, QUOTE),
              "do not use this mirror; find out who made it"),
          List.of(Printable.of(path, QUOTE)),
          null);
    }
    String digest = text(json, "digest");
    OptionalLong size = json.whole("size");
    if (!DIGEST.matcher(digest).matches() || size.isEmpty() || size.getAsLong() < 0) {
      throw new JsonException("a file has no sha256 digest, or no size");
    }
    Digest sha256 = Digest.sha256(digest.substring("sha256:".length()));
    return new MirrorFile(path, Descriptor.of(sha256, size.getAsLong()), json.string("source"));
  }

  private static boolean leaves(String path) {
    boolean odd = path.startsWith("/") || path.indexOf('\\') >= 0;
    odd |= path.codePoints().anyMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
    for (String part : path.split("/", -1)) {
      odd |= part.isEmpty() || part.equals(".") || part.equals("..");
    }
    return odd;
  }

  private static String text(JsonObject json, String name) throws JsonException {
    String text = json.string(name).orElseThrow(missing(name));
    if (text.isEmpty() || text.length() > LONGEST) {
      throw new JsonException("its %s is empty or too long".formatted(name));
    }
    return text;
  }
}
