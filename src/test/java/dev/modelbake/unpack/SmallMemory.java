package dev.modelbake.unpack;

import dev.modelbake.digest.Hasher;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Container;
import dev.modelbake.model.Unpacking.Limits;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Unpacks every file of a directory in a process of its own, and says whether it failed well. */
final class SmallMemory {
  /** More than there is memory. */
  private static final long BOUND = 64 << 20;

  private SmallMemory() {}

  public static void main(String[] arguments) throws IOException {
    Path bombs = Path.of(arguments[0]);
    List<Path> files;
    try (Stream<Path> all = Files.list(bombs)) {
      files = all.sorted().toList();
    }
    for (Path file : files) {
      Path staging = Files.createTempDirectory(bombs.getParent(), "small");
      System.out.println(file.getFileName() + " " + outcome(file, staging));
      try (Stream<Path> left = Files.list(staging)) {
        for (Path one : left.toList()) {
          Files.delete(one);
        }
      }
    }
  }

  private static String outcome(Path file, Path staging) throws IOException {
    BlobStore store = BlobStore.staging(staging);
    Descriptor descriptor = Descriptor.of(Hasher.sha256(file), Files.size(file));
    try (var partial = store.begin(descriptor);
        var in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        partial.write(ByteBuffer.wrap(buffer, 0, n));
      }
      Blob blob = store.admit(partial, descriptor, "test");
      new Unpacker().unpack(Workbench.planned(descriptor, unpacking(file)), blob, store);
      return "came out";
    } catch (BakeException e) {
      boolean fine = e.kind() == FailureKind.REFUSED || e.kind() == FailureKind.INTEGRITY;
      return e.explanation().happened() + (fine ? " fine" : " " + e.kind());
    }
  }

  private static Unpacking unpacking(Path file) {
    String name = file.getFileName().toString();
    if (name.endsWith(".zip")) {
      return Workbench.ZIP;
    }
    String ending = name.substring(name.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
    Compression compression = Compression.valueOf(ending);
    if (!name.contains(".tar.")) {
      Limits limits = new Limits(OptionalLong.of(BOUND), OptionalInt.empty());
      return new Unpacking.Stream(compression, Optional.empty(), List.of(), limits);
    }
    Unpacking.Tree tree =
        Workbench.limited(Workbench.tree(Container.TAR, compression), BOUND, 5000);
    return Workbench.including(tree, "x");
  }
}
