package dev.modelbake.fetch;

import dev.modelbake.store.Extent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What nobody is bringing yet of a part. The lowest bytes go first, so that hashing can follow
 * closely. Safe for use by several threads.
 */
final class Claims {
  private final TreeMap<Long, Long> open = new TreeMap<>();

  Claims(Collection<Extent> gaps) {
    gaps.forEach(gap -> open.put(gap.from(), gap.to()));
  }

  /** Claims the lowest open bytes, no more than this many, without a gap between them. */
  synchronized Optional<Claim> next(long most) {
    Map.Entry<Long, Long> first = open.pollFirstEntry();
    if (first == null) {
      return Optional.empty();
    }
    long from = first.getKey();
    long to = first.getValue();
    long end = most < to - from ? from + most : to;
    if (end < to) {
      open.put(end, to);
    }
    return Optional.of(new Claim(from, end));
  }

  /** Gives back what a claim still lacks. */
  synchronized void giveBack(Claim claim) {
    if (claim.reached() < claim.to()) {
      open.put(claim.reached(), claim.to());
    }
  }

  /** Nothing is open any more. */
  synchronized void clear() {
    open.clear();
  }

  /**
   * Takes bytes out of a claim that is under way; what follows them becomes open.
   *
   * @return whether the claim still held them all and had not reached them
   */
  synchronized boolean take(Claim led, Claim taken) {
    if (taken.to() > led.to() || led.reached() >= taken.from()) {
      return false;
    }
    if (taken.to() < led.to()) {
      open.put(taken.to(), led.to());
    }
    led.endAt(taken.from());
    return true;
  }
}
