package dev.modelbake.report;

import dev.modelbake.model.Digest;
import dev.modelbake.model.Receipt;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** A receipt in the form that GNU {@code sha256sum -c} reads. */
public final class Sums {
  private Sums() {}

  /**
   * A line for each file, sorted by path. The blobs of a hub cache go by the links to them: those
   * are what libraries read.
   *
   * <p>A name with a backslash or a line end is escaped as coreutils does: the line begins with a
   * backslash.
   */
  public static String of(Receipt receipt) {
    Map<String, Digest> digests = new HashMap<>();
    receipt.entries().forEach(entry -> digests.put(entry.path(), entry.digest()));
    Map<String, Digest> lines = new TreeMap<>(digests);
    for (Receipt.Link link : receipt.links()) {
      Optional<String> blob = blob(link).filter(digests::containsKey);
      if (blob.isPresent()) {
        lines.remove(blob.get());
        lines.put(link.path(), Objects.requireNonNull(digests.get(blob.get())));
      }
    }
    StringBuilder out = new StringBuilder();
    lines.forEach((path, digest) -> line(path, digest, out));
    return out.toString();
  }

  /** The blob of its own repository that a link of a hub cache names. */
  private static Optional<String> blob(Receipt.Link link) {
    int snapshots = link.path().indexOf("/snapshots/");
    Path blob = Path.of(link.path()).resolveSibling(link.target()).normalize();
    return snapshots >= 0 && blob.startsWith(link.path().substring(0, snapshots) + "/blobs")
        ? Optional.of(blob.toString())
        : Optional.empty();
  }

  private static void line(String path, Digest digest, StringBuilder out) {
    String name = path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    out.append(name.equals(path) ? "" : "\\");
    out.append(digest.hex()).append("  ").append(name).append('\n');
  }
}
