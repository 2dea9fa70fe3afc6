package dev.modelbake.fetch;

import dev.modelbake.http.Answer.Secrecy;
import dev.modelbake.http.Content;
import dev.modelbake.http.Get.Connection;
import dev.modelbake.http.Pace;
import dev.modelbake.http.Patience;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.DigestAlgorithm;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Unpacking;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Gets what the sources of a file give when nobody has pinned it yet; for pinning alone. What is
 * plainly no model (an error page, a git-lfs pointer, nothing) is not taken.
 */
final class FirstSight {
  private static final List<String> TEXTS = List.of(".html", ".htm", ".xml", ".svg", ".gz", ".tgz");

  private final PlannedFile file;
  private final BlobStore staging;
  private final Tools tools;
  private final Progress progress;
  private final Failures failures = new Failures();

  FirstSight(PlannedFile file, BlobStore staging, Tools tools) {
    this.file = file;
    this.staging = staging;
    this.tools = tools;
    this.progress = new Progress(file.name(), tools.listener(), tools.time());
  }

  /** The bytes of the first candidate that gives any. */
  Fetched run(OptionalLong size, Collection<DigestAlgorithm> others) {
    for (Candidate candidate : file.candidates()) {
      tools.listener().on(new BakeEvent.Fetching(file.name(), candidate, size));
      try {
        Blob blob = blob(candidate, size, others);
        tools.listener().on(new BakeEvent.Verified(file.name(), candidate, blob.descriptor()));
        return new Fetched(blob, candidate, progress.received(), failures.list());
      } catch (SourceException e) {
        tools.listener().on(new BakeEvent.CandidateFailed(file.name(), failures.add(candidate, e)));
      }
    }
    throw failures.exception(file, progress.received());
  }

  private Blob blob(Candidate candidate, OptionalLong size, Collection<DigestAlgorithm> others)
      throws SourceException {
    Part part = Part.unpinned(staging, size, others, file.name());
    boolean admitted = false;
    try {
      Secrecy secrecy = receive(candidate, part);
      Optional<String> other = Content.recognise(part.head(Content.HEAD), secrecy);
      if (other.isPresent() && !isMeant(other.get())) {
        throw new SourceException(
            "no model: what came is " + other.get(),
            Optional.empty(),
            OptionalLong.of(part.length()));
      }
      Blob blob = part.admit();
      admitted = true;
      return blob;
    } finally {
      if (!admitted) {
        part.discard();
      }
    }
  }

  private Secrecy receive(Candidate candidate, Part part) throws SourceException {
    if (candidate.url().scheme().equals("file")) {
      new LocalCopy(path(candidate), progress, LocalCopy.Counting.TRANSFERRED).run(part);
      return Secrecy.SECRET;
    }
    if (tools.settings().network() == NetworkUse.OFFLINE) {
      throw new SourceException(FailureKind.UNAVAILABLE, "not asked: offline", null);
    }
    Pace pace = new Pace(tools.settings().http().limits().floor(), tools.time());
    Transfer.Line line =
        new Transfer.Line(
            pace,
            progress,
            tools.settings().maxDownload(),
            tools.lanes(candidate.url()),
            tools.buffers());
    Transfer transfer =
        new Transfer(
            tools.client(), tools.registries().address(candidate.url()), line, Connection.POOLED);
    new Attempts(tools, file.name(), candidate, Patience.PATIENT, Optional.empty())
        .complete(part, transfer);
    return transfer.secrecy();
  }

  private static Path path(Candidate candidate) throws SourceException {
    try {
      return Path.of(candidate.url().uri());
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          FailureKind.UNAVAILABLE, "it is no path that this system knows", null);
    }
  }

  /** Whether a page, a text or an archive is what was asked for. */
  private boolean isMeant(String kind) {
    boolean archive = !(file.unpacking() instanceof Unpacking.None) && kind.startsWith("gzip");
    return archive || TEXTS.stream().anyMatch(file.name()::endsWith);
  }
}
