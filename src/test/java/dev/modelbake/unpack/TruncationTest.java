package dev.modelbake.unpack;

import static dev.modelbake.unpack.Archives.TEXT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Container;
import dev.modelbake.model.Unpacking.Limits;
import dev.modelbake.model.Unpacking.Member;
import dev.modelbake.model.Unpacking.TreePin;
import dev.modelbake.testing.FaultCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small archives of every form, cut, flipped in a bit, and grown: a long one at some hundred
 * places, with {@code -Dmodelbake.mutants=9999} at every byte.
 */
class TruncationTest {
  private static final byte[] MORE = Archives.ascii("other weights of another file");

  @TempDir Path directory;
  private Workbench bench = new Workbench(Path.of(""));

  @BeforeEach
  void begin() {
    bench = new Workbench(directory);
  }

  /** An archive and how it is unpacked. */
  @SuppressWarnings("ArrayRecordComponent")
  record Form(byte[] bytes, Unpacking unpacking) {}

  static Stream<Named<Form>> forms() throws IOException {
    List<Named<Form>> forms = new ArrayList<>();
    byte[] tar =
        new TarBytes()
            .file("d/a", TEXT)
            .pax('x', "path=" + "long/".repeat(30) + "b")
            .file("b", MORE)
            .end();
    for (Compression compression : Compression.values()) {
      Unpacking.Tree tree = Workbench.tree(Container.TAR, compression);
      byte[] packed = Archives.compressed(tar, compression);
      forms.add(Named.of("tar " + compression, new Form(packed, tree)));
      if (compression != Compression.NONE) {
        byte[] one = Archives.compressed(TEXT, compression);
        byte[] two = Archives.concat(one, Archives.compressed(MORE, compression));
        forms.add(Named.of("" + compression, new Form(one, Workbench.stream(compression))));
        forms.add(Named.of("two " + compression, new Form(two, Workbench.stream(compression))));
      }
    }
    byte[] zip = new ZipBytes().file("d/a", TEXT).file("b", MORE).end();
    forms.add(Named.of("zip", new Form(zip, Workbench.ZIP)));
    byte[] deflated =
        Archives.zip(
            out -> {
              Archives.add(out, "d/a", TEXT);
              Archives.add(out, "b", MORE);
            });
    forms.add(Named.of("zip deflated", new Form(deflated, Workbench.ZIP)));
    return forms.stream();
  }

  /** What comes out, or nothing when it failed in one of the two ways that are right. */
  private Optional<Map<String, String>> outcome(byte[] bytes, Unpacking unpacking, String what) {
    try {
      return Optional.of(new TreeMap<>(Workbench.contents(bench.unpack(bytes, unpacking))));
    } catch (BakeException e) {
      assertTrue(
          e.kind() == FailureKind.INTEGRITY || e.kind() == FailureKind.REFUSED,
          () -> what + ": " + e);
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what, e);
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  @FaultCase(75)
  void anArchiveCutAtAnyByteIsNoArchive(Form form) throws IOException {
    Map<String, String> whole = outcome(form.bytes(), form.unpacking(), "whole").orElseThrow();
    int step = step(form, 150);
    for (int length = 1; length < form.bytes().length; length++) {
      if (length % step != 0 && !isNearABlock(length)) {
        continue;
      }
      String what = "cut at " + length;
      byte[] cut = Arrays.copyOf(form.bytes(), length);
      Optional<Map<String, String>> outcome = outcome(cut, form.unpacking(), what);
      // Only where another member begins is there something whole, and the pin tells it.
      if (outcome.isPresent()) {
        assertTrue(form.unpacking() instanceof Unpacking.Stream, what);
        assertEquals(Map.of("", new String(TEXT, US_ASCII)), outcome.get(), what);
        assertEquals(Optional.empty(), outcome(cut, pinned(form, whole), what));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  @FaultCase(76)
  void anArchiveWithAFlippedBitHoldsWhatItHeldOrNothing(Form form) throws IOException {
    Map<String, String> whole = outcome(form.bytes(), form.unpacking(), "whole").orElseThrow();
    Unpacking pinned = pinned(form, whole);
    int step = step(form, 60);
    for (int at = 0; at < form.bytes().length; at += step) {
      byte[] flipped = form.bytes().clone();
      flipped[at] ^= (byte) (1 << (at / step % 8));
      String what = "flipped at " + at;
      outcome(flipped, form.unpacking(), what);
      outcome(flipped, pinned, what).ifPresent(found -> assertEquals(whole, found, what));
    }
  }

  /** From one sample to the next; 1 when enough are asked for. */
  private static int step(Form form, int samples) {
    int most = Math.max(samples, Integer.getInteger("modelbake.mutants", 0));
    return Math.max(1, form.bytes().length / most);
  }

  /** At the end of a block of a tar, or a byte beside it. */
  private static boolean isNearABlock(int length) {
    return (length + 1) % TarBytes.BLOCK < 3;
  }

  @ParameterizedTest
  @MethodSource("forms")
  @FaultCase(74)
  void nothingMayFollow(Form form) {
    for (byte[] more :
        new byte[][] {{0}, {1}, Archives.ascii("garbage!"), new byte[511], {0x1f}, {'B', 'Z'}}) {
      byte[] longer = Archives.concat(form.bytes(), more);
      Optional<Map<String, String>> outcome = outcome(longer, form.unpacking(), "longer");
      boolean zeros = Arrays.equals(more, new byte[more.length]);
      boolean tar =
          form.unpacking() instanceof Unpacking.Tree t
              && t.archive().container() == Container.TAR
              && t.archive().compression() == Compression.NONE;
      if (!(zeros && tar)) {
        assertEquals(Optional.empty(), outcome, Arrays.toString(more));
      }
    }
  }

  private static Unpacking pinned(Form form, Map<String, String> whole) {
    if (form.unpacking() instanceof Unpacking.Stream stream) {
      byte[] plain = Archives.ascii(whole.get(""));
      Descriptor pin = Descriptor.of(Archives.sha256(plain), plain.length);
      return new Unpacking.Stream(
          stream.compression(), Optional.of(pin), List.of(), Limits.DEFAULT);
    }
    Unpacking.Tree tree = (Unpacking.Tree) form.unpacking();
    List<Member> members = new ArrayList<>();
    whole.forEach(
        (path, text) -> {
          byte[] plain = Archives.ascii(text);
          members.add(new Member(path, Descriptor.of(Archives.sha256(plain), plain.length)));
        });
    return new Unpacking.Tree(
        tree.archive(), 0, List.of(), new TreePin.Members(members), tree.links(), tree.limits());
  }
}
