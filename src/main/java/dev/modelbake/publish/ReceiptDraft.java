package dev.modelbake.publish;

import dev.modelbake.model.Digest;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Receipt;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The receipt while it grows. A blob that two pointers name is in it once. */
final class ReceiptDraft {
  private final Map<String, Receipt.Entry> entries = new TreeMap<>();
  private final Map<String, Receipt.Link> links = new TreeMap<>();
  private final Map<String, Receipt.Directory> directories = new TreeMap<>();

  void file(Placement placement, Digest digest, long size) {
    String path = placement.path().toString();
    entries.putIfAbsent(
        path,
        new Receipt.Entry(
            path, placement.file(), digest, size, placement.owner(), placement.mode()));
  }

  void link(Path path, String file, String text, Owner owner) {
    links.put(path.toString(), new Receipt.Link(path.toString(), file, text, owner));
  }

  void directory(Path path, String name, Owner owner, FileMode mode) {
    directories.put(path.toString(), new Receipt.Directory(path.toString(), name, owner, mode));
  }

  Collection<Receipt.Entry> entries() {
    return entries.values();
  }

  Collection<Receipt.Link> links() {
    return links.values();
  }

  Collection<Receipt.Directory> directories() {
    return directories.values();
  }

  Receipt receipt() {
    return new Receipt(
        List.copyOf(entries.values()),
        List.copyOf(links.values()),
        List.copyOf(directories.values()));
  }
}
