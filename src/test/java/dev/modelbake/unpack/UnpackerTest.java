package dev.modelbake.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.digest.Hasher;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Location;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Owner;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.Partial;
import dev.modelbake.testing.RealModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackerTest {
  @TempDir Path directory;

  private Blob blob(byte[] bytes) throws IOException {
    Path file = Files.write(directory.resolve("source"), bytes);
    BlobStore store = BlobStore.staging(directory);
    Descriptor descriptor = Descriptor.of(Hasher.sha256(file), bytes.length);
    Partial partial = store.begin(descriptor);
    partial.write(ByteBuffer.wrap(bytes));
    return store.admit(partial, descriptor, "test");
  }

  private static PlannedFile planned(Unpacking unpacking) {
    return new PlannedFile(
        "m/file",
        "m",
        Location.of("models.yaml"),
        Optional.empty(),
        new Origin.Download(List.of()),
        unpacking,
        new Target.Resolved(
            Path.of("/opt/m/file"),
            new Owner(0, 0),
            FileMode.parse("0644"),
            FileMode.parse("0755")),
        PlannedFile.State.ABSENT);
  }

  private Unpacked unpack(byte[] bytes, Unpacking unpacking) throws IOException {
    return new Unpacker().unpack(planned(unpacking), blob(bytes), BlobStore.staging(directory));
  }

  @Test
  void unpacksARealBzip2FileToItsPin() throws IOException {
    Descriptor pin =
        Descriptor.of(
            Digest.sha256("be467b1a76f482693de3b0f6a1ff91d092319be71523d4d4b0628f6a53fcb87a"),
            729940);
    Unpacked unpacked =
        unpack(
            Files.readAllBytes(RealModels.MMOD.path()),
            new Unpacking.Stream(
                Compression.BZ2, Optional.of(pin), List.of(), Unpacking.Limits.DEFAULT));
    assertEquals(pin, unpacked.entries().get(0).blob().descriptor());
    assertEquals(729940, Files.size(unpacked.entries().get(0).blob().path()));
  }

  @Test
  void unpacksARealZipToItsTree() throws IOException {
    Unpacked unpacked =
        unpack(
            Files.readAllBytes(RealModels.STOPWORDS.path()),
            new Unpacking.Tree(
                new Unpacking.Archive(Unpacking.Container.ZIP, Compression.NONE),
                1,
                List.of(),
                new Unpacking.TreePin.Absent(),
                Unpacking.Links.REFUSED,
                Unpacking.Limits.DEFAULT));
    assertEquals(30, unpacked.entries().size());
  }
}
