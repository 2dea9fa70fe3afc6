package dev.modelbake.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtentsTest {
  private static final int SIZE = 60;

  /** The gaps of a set of bytes, one by one. */
  private static List<Extent> gaps(BitSet bytes) {
    List<Extent> gaps = new ArrayList<>();
    for (int at = bytes.nextClearBit(0); at < SIZE; ) {
      int end = bytes.nextSetBit(at);
      int to = end < 0 ? SIZE : Math.min(end, SIZE);
      gaps.add(new Extent(at, to));
      at = bytes.nextClearBit(to);
    }
    return gaps;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void extentsAreASetOfBytes(long seed) {
    Random random = new Random(seed);
    Extents extents = new Extents();
    BitSet bytes = new BitSet();
    for (int i = 0; i < 40; i++) {
      int from = random.nextInt(SIZE - 1);
      int to = from + 1 + random.nextInt(Math.min(12, SIZE - from));
      if (random.nextInt(8) == 0) {
        extents.cut(from);
        bytes.clear(from, SIZE + 1);
      } else {
        extents.add(new Extent(from, to));
        bytes.set(from, to);
      }
      assertEquals(bytes.nextClearBit(0), extents.prefix());
      assertEquals(bytes.cardinality(), extents.total());
      assertEquals(bytes.length(), extents.end());
      assertEquals(gaps(bytes), extents.gaps(SIZE));
    }
  }
}
