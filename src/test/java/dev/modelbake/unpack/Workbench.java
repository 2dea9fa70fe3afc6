package dev.modelbake.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Location;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Owner;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Container;
import dev.modelbake.model.Unpacking.Limits;
import dev.modelbake.model.Unpacking.Links;
import dev.modelbake.model.Unpacking.TreePin;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.Partial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Unpacks bytes in a directory of its own. */
record Workbench(Path directory) {
  static final Unpacking.Tree TAR = tree(Container.TAR, Compression.NONE);
  static final Unpacking.Tree ZIP = tree(Container.ZIP, Compression.NONE);

  static Unpacking stream(Compression compression) {
    return new Unpacking.Stream(compression, Optional.empty(), List.of(), Limits.DEFAULT);
  }

  static Unpacking.Tree tree(Container container, Compression compression) {
    return new Unpacking.Tree(
        new Unpacking.Archive(container, compression),
        0,
        List.of(),
        new TreePin.Absent(),
        Links.REFUSED,
        Limits.DEFAULT);
  }

  static Unpacking.Tree limited(Unpacking.Tree tree, long bytes, int files) {
    return new Unpacking.Tree(
        tree.archive(),
        tree.strip(),
        tree.include(),
        tree.pin(),
        tree.links(),
        new Limits(OptionalLong.of(bytes), OptionalInt.of(files)));
  }

  static Unpacking.Tree including(Unpacking.Tree tree, String glob) {
    return new Unpacking.Tree(
        tree.archive(), tree.strip(), List.of(glob), tree.pin(), tree.links(), tree.limits());
  }

  static Unpacking.Tree withLinks(Unpacking.Tree tree) {
    return new Unpacking.Tree(
        tree.archive(), tree.strip(), tree.include(), tree.pin(), Links.INTERNAL, tree.limits());
  }

  Unpacked unpack(byte[] bytes, Unpacking unpacking) {
    try {
      BlobStore store = BlobStore.staging(Files.createTempDirectory(directory, "s"));
      Descriptor descriptor = Descriptor.of(Digest.ofBytes(bytes), bytes.length);
      Partial partial = store.begin(descriptor);
      partial.write(ByteBuffer.wrap(bytes));
      Blob blob = store.admit(partial, descriptor, "test");
      return new Unpacker().unpack(planned(descriptor, unpacking), blob, store);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PlannedFile planned(Descriptor descriptor, Unpacking unpacking) {
    return new PlannedFile(
        "m/file",
        "m",
        Location.of("models.yaml"),
        Optional.of(descriptor),
        new Origin.Download(List.of()),
        unpacking,
        new Target.Resolved(
            Path.of("/opt/m"), new Owner(0, 0), FileMode.parse("0644"), FileMode.parse("0755")),
        PlannedFile.State.ABSENT);
  }

  /** Demands that the bytes are refused by policy; gives the reason. */
  String refused(byte[] bytes, Unpacking unpacking) {
    return fails(FailureKind.REFUSED, bytes, unpacking);
  }

  /** Demands that the bytes are told to be damaged; gives the reason. */
  String damaged(byte[] bytes, Unpacking unpacking) {
    return fails(FailureKind.INTEGRITY, bytes, unpacking);
  }

  /** Demands that the bytes are refused or told to be damaged. */
  void failed(byte[] bytes, Unpacking unpacking) {
    BakeException failure = assertThrows(BakeException.class, () -> unpack(bytes, unpacking));
    assertTrue(
        failure.kind() == FailureKind.REFUSED || failure.kind() == FailureKind.INTEGRITY,
        failure::toString);
  }

  private String fails(FailureKind kind, byte[] bytes, Unpacking unpacking) {
    BakeException failure = assertThrows(BakeException.class, () -> unpack(bytes, unpacking));
    assertEquals(kind, failure.kind(), failure::toString);
    String text = failure.explanation().toString();
    text.codePoints()
        .filter(c -> c < ' ' || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x2069))
        .findFirst()
        .ifPresent(
            c -> {
              throw new AssertionError("raw U+%04X in %s".formatted(c, text));
            });
    return failure.explanation().happened();
  }

  static Map<String, String> contents(Unpacked unpacked) {
    Map<String, String> contents = new TreeMap<>();
    for (Unpacked.Entry entry : unpacked.entries()) {
      try {
        contents.put(
            entry.path(), Files.readString(entry.blob().path(), StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return contents;
  }

  /** All bytes below the directory. */
  long written() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
