package dev.modelbake.mirror;

import dev.modelbake.fetch.FetchSettings;
import dev.modelbake.fetch.Fetcher;
import dev.modelbake.mirror.MirrorSource.OfDirectory;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.Explanation;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Location;
import dev.modelbake.model.MirrorException;
import dev.modelbake.model.Origin;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.UsageException;
import dev.modelbake.trust.TrustedKeys;
import dev.modelbake.work.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a mirror over into a directory: from a disk, a static server or a registry. The signature
 * first, then the counter, the sizes, the digests; the index last. Never changes what it reads.
 */
public final class Importer {
  private static final int LISTED = 20;

  private final FetchSettings settings;
  private final Workers workers;
  private final BakeListener listener;

  /** An importer. */
  public Importer(FetchSettings settings, Workers workers, BakeListener listener) {
    this.settings = settings;
    this.workers = workers;
    this.listener = listener;
  }

  /**
   * Imports a mirror; what is there already with the right bytes stays.
   *
   * @param place a directory, a URL or {@code oci://HOST/REPOSITORY}
   * @param keys of which one must have signed its index
   * @return the index
   * @throws BakeException unless all of it is there and right; the index of the target is as it was
   *     then
   */
  public MirrorIndex importInto(String place, Path directory, TrustedKeys keys) {
    long begin = System.nanoTime();
    try (Mirrors mirrors = new Mirrors(settings, listener);
        Fetcher fetcher = new Fetcher(settings, listener)) {
      MirrorSource source = mirrors.source(place);
      requireOther(source, directory);
      Reading reading = Reading.of(source, keys);
      MirrorIndex index = reading.index();
      Contents contents = Contents.of(index);
      MirrorDirectory target = new MirrorDirectory(directory);
      last(target, reading).ifPresent(last -> checkLast(last, reading, target, source));
      if (source instanceof OfDirectory from) {
        checkWhole(from.directory(), contents);
      }
      target.checkFits(index.blobs());
      target.requireOurs();
      Downloads downloads = new Downloads(fetcher, workers, listener);
      downloads.alone(
          directory,
          store -> {
            Optional<MirrorIndex> old = last(target, reading);
            old.ifPresent(last -> checkLast(last, reading, target, source));
            target.begin(() -> contents(old, contents), index.blobs().keySet());
            downloads.into(store, files(source, index));
            target.write(contents, reading.bytes(), reading.signatures());
            target.end(contents);
            return index;
          });
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      listener.on(new BakeEvent.Finished(index.blobs().size(), 0, took));
      return index;
    }
  }

  /**
   * The index of the target; that of the source when it is the same, which need not be read again.
   */
  private static Optional<MirrorIndex> last(MirrorDirectory target, Reading reading) {
    return target
        .indexBytes()
        .map(bytes -> Arrays.equals(bytes, reading.bytes()) ? reading.index() : target.read(bytes));
  }

  private static Contents contents(Optional<MirrorIndex> last, Contents contents) {
    return last.map(index -> index.equals(contents.index()) ? contents : Contents.of(index))
        .orElse(Contents.NONE);
  }

  private static void requireOther(MirrorSource source, Path directory) {
    try {
      if (source instanceof OfDirectory from
          && Files.exists(directory)
          && Files.isSameFile(from.directory().root(), directory)) {
        throw new UsageException(
            "importing " + source.name(),
            "source and destination are one directory",
            "name another; `mirror verify` checks a mirror where it is");
      }
    } catch (IOException e) {
      return; // one of them is not there: told by whoever reads or writes it
    }
  }

  private static void checkLast(
      MirrorIndex last, Reading reading, MirrorDirectory target, MirrorSource source) {
    if (!last.name().equals(reading.index().name())) {
      throw new CannotCreateException(
          target.root().toString(),
          "it holds the mirror '%s', and this one is '%s'"
              .formatted(last.name(), reading.index().name()),
          "import it into a directory of its own",
          null);
    }
    reading.checkNewer(last, "the index of " + source.name());
  }

  /** What is not in the index is not taken; what is in it and not there is told, all of it. */
  static void checkWhole(MirrorDirectory from, Contents contents) {
    List<String> unknown = from.unknown(contents);
    if (!unknown.isEmpty()) {
      throw from.refused(
          unknown, "it holds files that its index does not name: " + listed(unknown));
    }
    List<String> missing = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    contents
        .index()
        .blobs()
        .forEach(
            (blob, name) -> {
              long size = from.sizeOf(blob.digest());
              long wanted = blob.size().orElseThrow();
              if (size < 0) {
                missing.add("%s (%s)".formatted(name, blob.digest()));
              } else if (size != wanted) {
                wrong.add("%s (%d bytes in place of %d)".formatted(name, size, wanted));
              }
            });
    if (!wrong.isEmpty()) {
      throw failure(FailureKind.INTEGRITY, from, "wrong sizes: " + listed(wrong), wrong);
    }
    if (!missing.isEmpty()) {
      String what = "missing: " + listed(missing);
      throw failure(FailureKind.MISSING, from, what, missing);
    }
  }

  private static MirrorException failure(
      FailureKind kind, MirrorDirectory from, String what, List<String> files) {
    return new MirrorException(
        kind,
        new Explanation(
            "reading the mirror " + from.root(),
            what,
            "copy it again from where it was made; nothing was taken from it"),
        files,
        null);
  }

  private static String listed(List<String> files) {
    String first = String.join(", ", files.subList(0, Math.min(LISTED, files.size())));
    return files.size() > LISTED ? first + " and %d more".formatted(files.size() - LISTED) : first;
  }

  /** The blobs as files that this mirror alone gives. */
  private static Map<Digest, PlannedFile> files(MirrorSource source, MirrorIndex index) {
    Map<Digest, PlannedFile> files = new LinkedHashMap<>();
    for (Map.Entry<Descriptor, String> blob : index.blobs().entrySet()) {
      Candidate only =
          new Candidate(
              source.blob(blob.getKey().digest()),
              Candidate.Role.SITE_MIRROR,
              Candidate.Form.DOWNLOAD);
      files.put(blob.getKey().digest(), file(blob.getValue(), blob.getKey(), only));
    }
    return files;
  }

  private static PlannedFile file(String name, Descriptor content, Candidate candidate) {
    Location nowhere = Location.of(MirrorDirectory.INDEX);
    Problem reason = Problem.note(nowhere, "mirror", "it is placed by a bake", "bake it");
    return new PlannedFile(
        name,
        name,
        nowhere,
        Optional.of(content),
        new Origin.Download(List.of(candidate)),
        new Unpacking.None(),
        new Target.Unresolved(name, FailureKind.CONFIGURATION, reason),
        PlannedFile.State.UNKNOWN);
  }
}
