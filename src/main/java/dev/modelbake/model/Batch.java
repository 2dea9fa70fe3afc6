package dev.modelbake.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Planned files of one model that hold the same bytes, got the same way: a run fetches and unpacks
 * them once.
 *
 * @param files one or more, in the order of the plan
 */
public record Batch(List<PlannedFile> files) {
  public Batch {
    files = List.copyOf(files);
  }

  /** What files of a batch have in common. */
  private record Key(String model, Optional<Descriptor> pin, Origin origin, Unpacking unpacking) {}

  /** The batches of planned files, in the order of their first files. */
  public static List<Batch> of(List<PlannedFile> planned) {
    Map<Key, List<PlannedFile>> batches = new LinkedHashMap<>();
    for (PlannedFile file : planned) {
      Key key = new Key(file.model(), file.pin(), file.origin(), file.unpacking());
      batches.computeIfAbsent(key, one -> new ArrayList<>()).add(file);
    }
    return batches.values().stream().map(Batch::new).toList();
  }

  /** The files at whose places the right bytes do not stand yet. */
  public List<PlannedFile> wanted() {
    return files.stream().filter(file -> !file.isRight()).toList();
  }

  /** A file at whose place the bytes stand already; of trees nothing is taken. */
  public Optional<PlannedFile> standing() {
    return files.stream()
        .filter(PlannedFile::isRight)
        .filter(file -> !(file.unpacking() instanceof Unpacking.Tree))
        .findFirst();
  }

  /** Bytes that have to be fetched, as far as sizes are known. */
  public long download() {
    if (wanted().isEmpty() || standing().isPresent()) {
      return 0;
    }
    PlannedFile file = files.get(0);
    if (file.origin() instanceof Origin.Literal) {
      return 0;
    }
    return file.origin() instanceof Origin.Parts parts
        ? parts.parts().stream().mapToLong(part -> size(part.pin())).sum()
        : size(file.pin());
  }

  private static long size(Optional<Descriptor> pin) {
    return pin.map(Descriptor::size).orElse(OptionalLong.empty()).orElse(0);
  }
}
