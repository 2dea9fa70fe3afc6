package dev.modelbake.testing;

import dev.modelbake.digest.Hasher;
import dev.modelbake.digest.TreeDigest;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Location;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Planned files which hold short texts, and those texts. */
public final class PlannedFiles {
  private final Owner owner;
  private final FileMode mode;
  private final FileMode dirMode;
  private final Map<String, Map<String, String>> contents = new TreeMap<>();

  /** Files and directories of one owner and mode. */
  public PlannedFiles(Owner owner, String mode, String dirMode) {
    this.owner = owner;
    this.mode = FileMode.parse(mode);
    this.dirMode = FileMode.parse(dirMode);
  }

  /** With the usual modes. */
  public static PlannedFiles ownedBy(Owner owner) {
    return new PlannedFiles(owner, "0644", "0755");
  }

  /** What comes out of a file's download, by path relative to its target. */
  public Map<String, String> contents(PlannedFile file) {
    return Objects.requireNonNull(contents.get(file.name()));
  }

  /** Whether the manifest gives the digest of what comes out. */
  public enum Pinned {
    YES,
    NO
  }

  /** A download that is the file. */
  public PlannedFile file(String path, String text) {
    return make(path, text, Map.of("", text), new Unpacking.None());
  }

  /** A compressed download. */
  public PlannedFile stream(String path, String text, Pinned pinned) {
    Optional<String> output = pinned == Pinned.YES ? Optional.of(text) : Optional.empty();
    return make(
        path,
        "compressed",
        Map.of("", text),
        new Unpacking.Stream(
            Compression.BZ2,
            output.map(PlannedFiles::descriptor),
            List.of(),
            Unpacking.Limits.DEFAULT));
  }

  /** An archive whose members are listed. */
  public PlannedFile members(String path, Map<String, String> texts) {
    return tree(
        path,
        texts,
        new Unpacking.TreePin.Members(
            new TreeMap<>(texts)
                .entrySet().stream()
                    .map(e -> new Unpacking.Member(e.getKey(), descriptor(e.getValue())))
                    .toList()));
  }

  /** An archive whose tree is pinned as a whole. */
  public PlannedFile whole(String path, Map<String, String> texts) {
    Map<String, Digest> digests = new TreeMap<>();
    texts.forEach((name, text) -> digests.put(name, descriptor(text).digest()));
    long size = texts.values().stream().mapToLong(PlannedFiles::size).sum();
    return tree(
        path,
        texts,
        new Unpacking.TreePin.Whole(
            TreeDigest.of(digests), OptionalInt.of(texts.size()), OptionalLong.of(size)));
  }

  /** An archive with another pin, or none. */
  public PlannedFile tree(String path, Map<String, String> texts, Unpacking.TreePin pin) {
    return make(
        path,
        "archive",
        texts,
        new Unpacking.Tree(
            new Unpacking.Archive(Unpacking.Container.TAR, Compression.GZ),
            0,
            List.of(),
            pin,
            Unpacking.Links.INTERNAL,
            Unpacking.Limits.DEFAULT));
  }

  private PlannedFile make(
      String path, String download, Map<String, String> texts, Unpacking unpacking) {
    contents.put("model" + path, new TreeMap<>(texts));
    return new PlannedFile(
        "model" + path,
        "model",
        new Location("models.yaml", 3, 5),
        Optional.of(descriptor(download)),
        new Origin.Download(List.of()),
        unpacking,
        new Target.Resolved(Path.of(path), owner, mode, dirMode),
        PlannedFile.State.UNKNOWN);
  }

  /** A plan below a root. */
  public static Plan plan(Path root, PlannedFile... files) {
    return new Plan(root, List.of(files), List.of(), List.of(), List.of());
  }

  /** The pin of a text. */
  public static Descriptor descriptor(String text) {
    Hasher hasher = Hasher.of(List.of());
    hasher.update(ByteBuffer.wrap(bytes(text)));
    return Descriptor.of(hasher.finish().sha256(), size(text));
  }

  /** A text's bytes. */
  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static long size(String text) {
    return bytes(text).length;
  }
}
