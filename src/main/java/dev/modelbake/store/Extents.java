package dev.modelbake.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which bytes of a file are there: extents that neither overlap nor touch. For one thread. */
final class Extents {
  private final TreeMap<Long, Long> ends = new TreeMap<>();

  /** Adds an extent, which may overlap what is there. */
  void add(Extent extent) {
    long from = extent.from();
    long to = extent.to();
    Map.Entry<Long, Long> before = ends.floorEntry(from);
    if (before != null && before.getValue() >= from) {
      from = before.getKey();
      to = Math.max(to, before.getValue());
    }
    Map.Entry<Long, Long> next = ends.higherEntry(from);
    while (next != null && next.getKey() <= to) {
      to = Math.max(to, next.getValue());
      ends.remove(next.getKey());
      next = ends.higherEntry(from);
    }
    ends.put(from, to);
  }

  /** The number of bytes from the beginning without a gap. */
  long prefix() {
    return ends.getOrDefault(0L, 0L);
  }

  /** The number of bytes in all. */
  long total() {
    long total = 0;
    for (Map.Entry<Long, Long> one : ends.entrySet()) {
      total += one.getValue() - one.getKey();
    }
    return total;
  }

  /** The byte behind the last. */
  long end() {
    return ends.isEmpty() ? 0 : ends.lastEntry().getValue();
  }

  /** All of them, in order. */
  List<Extent> all() {
    return ends.entrySet().stream().map(one -> new Extent(one.getKey(), one.getValue())).toList();
  }

  /** What a file of a size lacks, in order. */
  List<Extent> gaps(long size) {
    List<Extent> gaps = new ArrayList<>();
    long at = 0;
    for (Map.Entry<Long, Long> one : ends.entrySet()) {
      if (one.getKey() > at && at < size) {
        gaps.add(new Extent(at, Math.min(one.getKey(), size)));
      }
      at = one.getValue();
    }
    if (at < size) {
      gaps.add(new Extent(at, size));
    }
    return gaps;
  }

  /** Forgets everything from a byte on. */
  void cut(long length) {
    ends.tailMap(length, true).clear();
    Map.Entry<Long, Long> last = ends.lastEntry();
    if (last != null && last.getValue() > length) {
      ends.put(last.getKey(), length);
    }
  }
}
