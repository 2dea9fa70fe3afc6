package dev.modelbake.guard;

import dev.modelbake.catalog.Catalog;
import dev.modelbake.fetch.Fetcher;
import dev.modelbake.manifest.ManifestReader;
import dev.modelbake.manifest.NewManifest;
import dev.modelbake.manifest.NewModel;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.Unpacking;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.TemporaryDirectory;
import dev.modelbake.unpack.Unpacked;
import dev.modelbake.unpack.Unpacker;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Asks sources again for what a command got from them.
 *
 * @param temporary an existing directory; what is fetched is removed again
 */
public record Refetching(Fetcher fetcher, Function<Manifest, Plan> planner, Path temporary) {
  private static final Map<String, Compression> COMPRESSIONS =
      Map.of(
          "bz2",
          Compression.BZ2,
          "gz",
          Compression.GZ,
          "xz",
          Compression.XZ,
          "zst",
          Compression.ZST);

  /** What came of asking a URL. */
  sealed interface Answer permits Came, Nothing {}

  /** Nothing that may be a model. */
  record Nothing(String why) implements Answer {}

  /**
   * What a URL gave.
   *
   * @param format as the manifest's {@code unpack} has it; empty when it is no archive
   * @param entries what comes out of an archive, by path; the name is empty for a stream
   */
  record Came(Descriptor download, String format, Map<String, Descriptor> entries)
      implements Answer {}

  /** Fetches a URL. */
  Answer fetch(SourceUrl url) {
    String text = NewManifest.head() + NewManifest.url(url);
    try {
      PlannedFile file = plan(text).files().get(0);
      return inStaging(staging -> came(file, url, staging));
    } catch (BakeException e) {
      if (e.kind() == FailureKind.INTERRUPTED || e.kind() == FailureKind.IO) {
        throw e;
      }
      return new Nothing(e.explanation().happened());
    }
  }

  /**
   * Fetches all files of an entry and compares them with its pins.
   *
   * @return why it cannot be had, when it cannot
   */
  Optional<String> check(NewModel entry) {
    try {
      for (PlannedFile file : plan(NewManifest.head() + entry.text("  ")).files()) {
        inStaging(staging -> fetcher.fetch(file, staging));
      }
      return Optional.empty();
    } catch (BakeException e) {
      if (e.kind() == FailureKind.INTERRUPTED || e.kind() == FailureKind.IO) {
        throw e;
      }
      return Optional.of(e.explanation().happened());
    }
  }

  private Plan plan(String text) {
    return planner.apply(
        ManifestReader.read("recording", Optional.empty(), text, new Catalog()).manifests().get(0));
  }

  private Came came(PlannedFile file, SourceUrl url, BlobStore staging) {
    Blob blob = fetcher.firstSight(file, OptionalLong.empty(), List.of(), staging).blob();
    String format = format(url.fileName());
    Map<String, Descriptor> entries = new TreeMap<>();
    if (!format.isEmpty()) {
      try {
        Unpacked unpacked = new Unpacker().unpack(file.with(unpacking(format)), blob, staging);
        unpacked.entries().forEach(one -> entries.put(one.path(), one.blob().descriptor()));
      } catch (BakeException e) {
        if (e.kind() == FailureKind.INTERRUPTED || e.kind() == FailureKind.IO) {
          throw e;
        }
        // Named like an archive, and none: it stands for itself.
      }
    }
    return new Came(blob.descriptor(), entries.isEmpty() ? "" : format, entries);
  }

  /** The form of an archive by its name, as a manifest writes it. */
  static String format(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".zip") || lower.endsWith(".tar")) {
      return lower.substring(lower.length() - 3);
    }
    if (lower.endsWith(".tgz")) {
      return "tar.gz";
    }
    String last = lower.substring(lower.lastIndexOf('.') + 1);
    if (!COMPRESSIONS.containsKey(last)) {
      return "";
    }
    return lower.endsWith(".tar." + last) ? "tar." + last : last;
  }

  private static Unpacking unpacking(String format) {
    boolean tree = format.equals("zip") || format.startsWith("tar");
    Compression compression =
        COMPRESSIONS.getOrDefault(format.substring(format.lastIndexOf('.') + 1), Compression.NONE);
    if (!tree) {
      return new Unpacking.Stream(
          compression, Optional.empty(), List.of(), Unpacking.Limits.DEFAULT);
    }
    Unpacking.Container container =
        format.equals("zip") ? Unpacking.Container.ZIP : Unpacking.Container.TAR;
    return new Unpacking.Tree(
        new Unpacking.Archive(container, compression),
        0,
        List.of(),
        new Unpacking.TreePin.Absent(),
        Unpacking.Links.INTERNAL,
        Unpacking.Limits.DEFAULT);
  }

  private <T> T inStaging(Function<BlobStore, T> work) {
    return TemporaryDirectory.during(
        temporary, "modelbake-record-", directory -> work.apply(BlobStore.staging(directory)));
  }
}
