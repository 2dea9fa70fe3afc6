package dev.modelbake.mirror;

import dev.modelbake.digest.Hasher;
import dev.modelbake.fetch.FetchSettings;
import dev.modelbake.http.Answer;
import dev.modelbake.http.Get;
import dev.modelbake.http.Get.Connection;
import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Pace;
import dev.modelbake.http.Trouble;
import dev.modelbake.mirror.MirrorSource.OfDirectory;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.Explanation;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.MirrorException;
import dev.modelbake.model.MirrorFailedException;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.registry.Registries.Address;
import dev.modelbake.trust.TrustedKeys;
import dev.modelbake.work.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Hashes every blob of a mirror again, where it is; nothing is kept. */
public final class Checker {
  private static final int BUFFER = 256 << 10;

  private final FetchSettings settings;
  private final int jobs;
  private final BakeListener listener;

  /**
   * A checker.
   *
   * @param jobs blobs of a server or registry at once; of a directory as many as there are
   *     processors
   */
  public Checker(FetchSettings settings, int jobs, BakeListener listener) {
    this.settings = settings;
    this.jobs = jobs;
    this.listener = listener;
  }

  /**
   * Checks a mirror.
   *
   * @param place a directory, a URL or {@code oci://HOST/REPOSITORY}
   * @param keys of which one must have signed its index
   * @return its index
   * @throws BakeException unless every blob is there and right
   */
  public MirrorIndex check(String place, TrustedKeys keys) {
    long begin = System.nanoTime();
    try (Mirrors mirrors = new Mirrors(settings, listener)) {
      MirrorSource source = mirrors.source(place);
      MirrorIndex index = Reading.of(source, keys).index();
      if (source instanceof OfDirectory from) {
        Contents contents = Contents.of(index);
        Importer.checkWhole(from.directory(), contents);
        checkTool(from.directory().root(), index);
        checkDocuments(from.directory(), contents);
      }
      int threads =
          source instanceof OfDirectory ? Runtime.getRuntime().availableProcessors() : jobs;
      listener.on(new BakeEvent.Planned(index.blobs().size(), 0, index.size()));
      List<BakeException> failures =
          Workers.onFiles(threads)
              .forEach(
                  List.copyOf(index.blobs().entrySet()),
                  "checking a mirror",
                  blob -> check(mirrors, source, blob));
      if (!failures.isEmpty()) {
        throw new MirrorFailedException(
            "checking the mirror " + source.name(),
            "of %d blobs".formatted(index.blobs().size()),
            failures);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      listener.on(new BakeEvent.Finished(index.blobs().size(), 0, took));
      return index;
    }
  }

  private static void checkDocuments(MirrorDirectory directory, Contents contents) {
    List<String> wrong = directory.wrongDocuments(contents);
    if (!wrong.isEmpty()) {
      throw new MirrorException(
          FailureKind.INTEGRITY,
          new Explanation(
              "checking the mirror " + directory.root(),
              "what other tools read of it is missing or not as the index has it: "
                  + String.join(", ", wrong),
              "copy the mirror again, or export it again"),
          wrong,
          null);
    }
  }

  private static void checkTool(Path root, MirrorIndex index) {
    List<String> wrong =
        index.tool().stream()
            .filter(file -> !isRight(root.resolve(file.path()), file.content()))
            .map(MirrorIndex.MirrorFile::path)
            .toList();
    if (!wrong.isEmpty()) {
      throw new MirrorException(
          FailureKind.INTEGRITY,
          new Explanation(
              "checking the mirror " + root,
              "the program on it is not the one that was exported: " + String.join(", ", wrong),
              "do not run it; copy the mirror again"),
          wrong,
          null);
    }
  }

  private static boolean isRight(Path file, Descriptor content) {
    try {
      return Tool.isRight(file, content);
    } catch (IOException e) {
      return false;
    }
  }

  private void check(Mirrors mirrors, MirrorSource source, Map.Entry<Descriptor, String> blob) {
    Descriptor content = blob.getKey();
    String name = blob.getValue();
    SourceUrl url = source.blob(content.digest());
    Candidate candidate = new Candidate(url, Candidate.Role.SITE_MIRROR, Candidate.Form.DOWNLOAD);
    listener.on(new BakeEvent.Fetching(name, candidate, content.size()));
    try {
      Hashed hashed =
          source instanceof OfDirectory from
              ? local(from.directory().blob(content.digest()))
              : remote(mirrors, url, name);
      if (!hashed.digest().equals(content.digest())) {
        throw new DigestMismatchException(name, content, hashed.digest(), hashed.length());
      }
      listener.on(new BakeEvent.Verified(name, candidate, content));
    } catch (BakeException failure) {
      listener.on(new BakeEvent.Failed(name, failure));
      throw failure;
    }
  }

  private record Hashed(Digest digest, long length) {}

  private static Hashed local(Path file) {
    try {
      return new Hashed(Hasher.sha256(file), Files.size(file));
    } catch (IOException e) {
      throw new DiskException(
          "reading " + file, file.toString(), "it cannot be read", "look at that disk", e);
    }
  }

  /** From the beginning each time: nothing is kept that could be gone on with. */
  private Hashed remote(Mirrors mirrors, SourceUrl url, String name) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(mirrors, url, name);
      } catch (HttpFailure e) {
        pause(mirrors, e, attempt, name);
      }
    }
  }

  private static void pause(Mirrors mirrors, HttpFailure e, int attempt, String name) {
    try {
      mirrors.asking().pause(e, attempt, "reading " + name);
    } catch (HttpFailure last) {
      boolean absent = last.trouble() == Trouble.ABSENT;
      throw new MirrorException(
          absent ? FailureKind.MISSING : last.trouble().kind(),
          new Explanation(
              "reading " + name, last.what(), "push or copy the mirror again, or try later"),
          List.of(name),
          last);
    }
  }

  private Hashed once(Mirrors mirrors, SourceUrl url, String name) throws HttpFailure {
    Address address = mirrors.registries().address(url);
    Get get =
        new Get(address.url(), Get.Part.ALL, Optional.empty(), Connection.POOLED, address.login());
    Hasher hasher = Hasher.of(List.of());
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    Pace pace = mirrors.asking().pace();
    try (Answer answer = mirrors.client().get(get, pace)) {
      while (answer.read(buffer.clear()) >= 0) {
        hasher.update(buffer.flip());
        long length = hasher.length();
        listener.on(new BakeEvent.Received(name, length, length));
      }
    }
    long length = hasher.length();
    return new Hashed(hasher.finish().sha256(), length);
  }
}
