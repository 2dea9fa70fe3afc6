package dev.modelbake.testing;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Reads many damaged forms of valid texts. Each has a seed of its own, which a failure prints:
 * {@code -Dseed=N} reads that one alone. {@code -Dmodelbake.mutants=N} reads at least so many.
 *
 * @param valid what is damaged
 * @param words of the format, put in here and there
 * @param most bytes that reading may allocate, whatever the length of a text
 */
public record Mutants(List<byte[]> valid, List<String> words, long most) {
  private static final int NUMBER = 3000;

  /** Only against what never ends. */
  private static final Duration HANG = Duration.ofMinutes(2);

  private static final long FOR_EACH_BYTE = 2000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  public Mutants {
    valid = List.copyOf(valid);
    words = List.copyOf(words);
  }

  /** Of valid texts. */
  public static Mutants of(String... valid) {
    return new Mutants(
        List.of(valid).stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList(),
        List.of(),
        16 << 20);
  }

  /** The same with words of the format. */
  public Mutants with(String... more) {
    return with(List.of(more));
  }

  /** The same with words of the format. */
  public Mutants with(List<String> more) {
    return new Mutants(valid, more, most);
  }

  /** Reads a damaged text, and catches what the reader is documented to throw, nothing else. */
  @FunctionalInterface
  public interface Reading {
    /** Reads one. */
    void read(byte[] mutant) throws Exception;
  }

  /** The same of a text. */
  @FunctionalInterface
  public interface TextReading {
    /** Reads one. */
    void read(String mutant) throws Exception;
  }

  /** Reads some thousand mutants as texts. */
  public void readAsTexts(TextReading reading) {
    read(bytes -> reading.read(new String(bytes, StandardCharsets.UTF_8)));
  }

  /** Reads some thousand mutants. */
  public void read(Reading reading) {
    read(NUMBER, reading);
  }

  /** Reads what is valid, and this many mutants, beginning with the seed 1. */
  public void read(int number, Reading reading) {
    Long only = Long.getLong("seed");
    long first = only == null ? 1 : only;
    int asked = number == 0 ? 0 : Integer.getInteger("modelbake.mutants", 0);
    long last = only == null ? Math.max(number, asked) : only;
    assertTimeoutPreemptively(
        HANG,
        () -> {
          for (byte[] one : valid) {
            attempt(0, one, reading);
          }
          for (long seed = first; seed <= last; seed++) {
            attempt(seed, mutant(seed), reading);
          }
        });
  }

  private byte[] mutant(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new Mutations(random, words).of(valid.get(random.nextInt(valid.size())));
  }

  private void attempt(long seed, byte[] mutant, Reading reading) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      reading.read(mutant);
    } catch (Throwable e) {
      throw new AssertionError(told(seed, mutant, Objects.toString(e)), e);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (allocated > most + FOR_EACH_BYTE * mutant.length) {
      throw new AssertionError(told(seed, mutant, allocated + " bytes were allocated"));
    }
  }

  private static String told(long seed, byte[] mutant, String what) {
    return "-Dseed=%d: %s: %s".formatted(seed, what, Base64.getEncoder().encodeToString(mutant));
  }
}
