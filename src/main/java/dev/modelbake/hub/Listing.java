package dev.modelbake.hub;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonObject;
import dev.modelbake.model.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The files of a commit while they are read, from either of the two forms that the API has. */
final class Listing {
  /** More than any repository of models has; the memory of a listing is bounded by it. */
  private static final int MOST = 250_000;

  private static final Names SIBLING = new Names("rfilename", "blobId", "sha256");
  private static final Names ENTRY = new Names("path", "oid", "oid");

  private final Failures failures;
  private final Paths rules = new Paths();
  private final Set<String> paths = new HashSet<>();
  private final List<HubFile> files = new ArrayList<>();

  Listing(Failures failures) {
    this.failures = failures;
  }

  /** What the members of an element are called; {@code lfs} holds the last of them. */
  private record Names(String path, String blobId, String lfsSha256) {}

  /** Takes an element of {@code siblings}. */
  void takeSibling(Json element) throws JsonException {
    take(object(element), SIBLING);
  }

  /** Takes an element of a page of the tree. */
  void takeEntry(Json element) throws JsonException {
    JsonObject entry = object(element);
    switch (entry.string("type").orElse("")) {
      case "directory" -> {}
      case "file" -> take(entry, ENTRY);
      default -> throw new JsonException("an entry of the tree is neither a file nor a directory");
    }
  }

  /** Whether size and digest of every file are known. */
  boolean isComplete() {
    return files.size() == paths.size();
  }

  /** The paths, also of files of which nothing else is known. */
  Set<String> paths() {
    return paths;
  }

  /** The files by path; all of them when the listing is complete. */
  List<HubFile> files() {
    return files.stream().sorted(Comparator.comparing(HubFile::path)).toList();
  }

  private void take(JsonObject element, Names names) throws JsonException {
    String path =
        element
            .string(names.path())
            .orElseThrow(() -> new JsonException("a file without `%s`".formatted(names.path())));
    Optional<String> refusal = rules.refusal(path);
    if (refusal.isPresent()) {
      throw failures.refused(refusal.get());
    }
    if (paths.size() == MOST) {
      throw failures.refused("the repository has more than %d files".formatted(MOST));
    }
    paths.add(path);
    file(path, element, names).ifPresent(files::add);
  }

  /** The file, when everything about it is told. */
  private static Optional<HubFile> file(String path, JsonObject element, Names names)
      throws JsonException {
    OptionalLong size = element.whole("size");
    Optional<String> blobId = element.string(names.blobId());
    Optional<JsonObject> lfs = element.object("lfs");
    Optional<Digest> sha256 = Optional.empty();
    if (lfs.isPresent()) {
      Optional<String> hex = lfs.get().string(names.lfsSha256());
      OptionalLong own = lfs.get().whole("size");
      if (hex.isEmpty()) {
        return Optional.empty();
      }
      if (size.isPresent() && own.isPresent() && !size.equals(own)) {
        throw new JsonException("a file has two sizes");
      }
      size = size.isPresent() ? size : own;
      sha256 = Optional.of(Digest.sha256(hex(hex.get(), 64)));
    }
    if (size.isEmpty() || blobId.isEmpty()) {
      return Optional.empty();
    }
    if (size.getAsLong() < 0) {
      throw new JsonException("a file has a negative size");
    }
    return Optional.of(new HubFile(path, size.getAsLong(), hex(blobId.get(), 40), sha256));
  }

  /** A value of this many hexadecimal digits, in lower case. */
  static String hex(String value, int digits) throws JsonException {
    String lower = value.toLowerCase(Locale.ROOT);
    if (lower.length() != digits || !lower.matches("[0-9a-f]*")) {
      throw new JsonException("%d hexadecimal digits are expected".formatted(digits));
    }
    return lower;
  }

  private static JsonObject object(Json element) throws JsonException {
    if (element instanceof JsonObject object) {
      return object;
    }
    throw new JsonException("a file is described by an object, this is " + element.kind());
  }
}
