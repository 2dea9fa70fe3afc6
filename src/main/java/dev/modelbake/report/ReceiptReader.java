package dev.modelbake.report;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonArray;
import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Location;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Printable;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Receipt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a receipt back. Strict, since a receipt is a proof: a key that this version does not know
 * may be a promise that it would not check.
 */
public final class ReceiptReader {
  /** What a receipt of a hundred thousand files stays under. */
  public static final JsonBounds BOUNDS = new JsonBounds(64 << 20, 4);

  private static final String REMEDY =
      "give the receipt as `bake --receipt` wrote it, or write a new one";
  private static final int MOST_PROBLEMS = 20;
  private static final Set<String> TOP = Set.of("schema", "files", "links", "directories");
  private static final Set<String> LINK_KEYS = Set.of("path", "file", "target", "uid", "gid");
  private static final Set<String> DIRECTORY_KEYS = Set.of("path", "name", "uid", "gid", "mode");
  private static final Set<String> KEYS =
      Set.of("path", "file", "digest", "size", "uid", "gid", "mode");

  private final String source;
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> paths = new HashSet<>();

  private ReceiptReader(String source) {
    this.source = source;
  }

  /**
   * Reads a receipt.
   *
   * @param source the file as the user named it
   * @throws ManifestException with every problem, when it is not a receipt
   */
  public static Receipt read(String source, byte[] bytes, JsonBounds bounds) {
    ReceiptReader reader = new ReceiptReader(source);
    Receipt receipt = reader.receipt(reader.parse(bytes, bounds));
    if (!reader.problems.isEmpty()) {
      throw new ManifestException(
          reader.problems.subList(0, Math.min(MOST_PROBLEMS, reader.problems.size())));
    }
    return receipt;
  }

  private JsonObject parse(byte[] bytes, JsonBounds bounds) {
    try {
      Json json = JsonReader.read(bytes, bounds);
      if (json instanceof JsonObject object) {
        return object;
      }
      throw new JsonException("a receipt is an object, this is " + json.kind(), 1, 1);
    } catch (JsonException e) {
      Location at = new Location(source, e.line(), e.column());
      throw new ManifestException(List.of(Problem.error(at, "receipt-syntax", e.what(), REMEDY)));
    }
  }

  private Receipt receipt(JsonObject object) {
    try {
      Optional<String> schema = object.string("schema");
      if (!schema.equals(Optional.of(ReceiptJson.SCHEMA))) {
        problem("receipt-schema", "`schema` is not " + ReceiptJson.SCHEMA);
        return new Receipt(List.of());
      }
      checkKeys("", object, TOP);
      JsonArray files = list(object, "files");
      if (files.values().isEmpty() && list(object, "directories").values().isEmpty()) {
        problem("receipt-empty", "the receipt names no file, so it proves nothing");
      }
      return new Receipt(
          all("files", files, KEYS, ReceiptReader::entry),
          all("links", list(object, "links"), LINK_KEYS, ReceiptReader::link),
          all(
              "directories",
              list(object, "directories"),
              DIRECTORY_KEYS,
              ReceiptReader::directory));
    } catch (JsonException e) {
      problem("receipt-shape", e.what());
      return new Receipt(List.of());
    }
  }

  private static JsonArray list(JsonObject object, String name) throws JsonException {
    return object.array(name).orElse(new JsonArray(List.of()));
  }

  /** Makes one line of a list. */
  @FunctionalInterface
  private interface Line<T> {
    T of(JsonObject object) throws JsonException;
  }

  private <T> List<T> all(String list, JsonArray array, Set<String> keys, Line<T> line)
      throws JsonException {
    List<T> all = new ArrayList<>();
    int index = 0;
    for (JsonObject object : array.objects()) {
      String place = list + "[" + index + "]: ";
      checkKeys(place, object, keys);
      try {
        all.add(line.of(object));
        if (!paths.add(string(object, "path"))) {
          problem("receipt-duplicate", place + "the path stands here twice");
        }
      } catch (JsonException | IllegalArgumentException e) {
        problem("receipt-shape", place + Printable.of(String.valueOf(e.getMessage()), 200));
      }
      index++;
    }
    return all;
  }

  private static Receipt.Link link(JsonObject link) throws JsonException {
    String target = string(link, "target");
    if (target.isEmpty() || !isWritable(target)) {
      throw new JsonException("`target`: what a link says is expected");
    }
    return new Receipt.Link(path(string(link, "path")), string(link, "file"), target, owner(link));
  }

  private static Receipt.Directory directory(JsonObject directory) throws JsonException {
    return new Receipt.Directory(
        path(string(directory, "path")),
        string(directory, "name"),
        owner(directory),
        FileMode.parse(string(directory, "mode")));
  }

  private static Owner owner(JsonObject object) throws JsonException {
    return new Owner(whole(object, "uid"), whole(object, "gid"));
  }

  private static Receipt.Entry entry(JsonObject file) throws JsonException {
    return new Receipt.Entry(
        path(string(file, "path")),
        string(file, "file"),
        digest(string(file, "digest")),
        atMost(whole(file, "size"), Long.MAX_VALUE, "size"),
        owner(file),
        FileMode.parse(string(file, "mode")));
  }

  private static String path(String path) throws JsonException {
    boolean clean = path.startsWith("/") && path.length() > 1 && isWritable(path);
    for (String part : path.substring(Math.min(1, path.length())).split("/", -1)) {
      clean &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
    }
    if (!clean) {
      throw new JsonException("`path`: an absolute path without . and .. is expected");
    }
    return path;
  }

  /** Whether a disk can have it as a name. */
  private static boolean isWritable(String text) {
    return text.codePoints().noneMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
  }

  private static Digest digest(String text) throws JsonException {
    String prefix = DigestAlgorithm.SHA256.label() + ":";
    if (!text.startsWith(prefix)) {
      throw new JsonException("`digest`: sha256: and 64 hexadecimal digits are expected");
    }
    return Digest.sha256(text.substring(prefix.length()));
  }

  private static String string(JsonObject file, String name) throws JsonException {
    return file.string(name).orElseThrow(() -> new JsonException("`" + name + "` is missing"));
  }

  private static long whole(JsonObject file, String name) throws JsonException {
    OptionalLong value = file.whole(name);
    return value.orElseThrow(() -> new JsonException("`" + name + "` is missing"));
  }

  private static long atMost(long value, long most, String name) throws JsonException {
    if (value < 0 || value > most) {
      throw new JsonException("`" + name + "` is out of range");
    }
    return value;
  }

  private void checkKeys(String place, JsonObject object, Set<String> known) {
    for (String name : object.names()) {
      if (!known.contains(name)) {
        problem("receipt-key", place + "unknown key `" + Printable.of(name, 40) + "`");
      }
    }
  }

  private void problem(String rule, String what) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(Problem.error(Location.of(source), rule, what, REMEDY));
    }
  }
}
