package dev.modelbake.fetch;

import dev.modelbake.http.Content;
import dev.modelbake.http.Get.Connection;
import dev.modelbake.http.Pace;
import dev.modelbake.http.Patience;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Candidate.Form;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The candidates of one file, in order: first a quick look at each, then patience with those whose
 * failure may pass. For one thread.
 */
final class FileFetch {
  private final PlannedFile file;
  private final BlobStore staging;
  private final Tools tools;
  private final Wanted wanted;
  private final Progress progress;
  private final Pace pace;
  private final Failures failures = new Failures();
  private final Map<Form, Part> parts = new EnumMap<>(Form.class);

  FileFetch(PlannedFile file, BlobStore staging, Tools tools) {
    this.file = file;
    this.staging = staging;
    this.tools = tools;
    wanted = new Wanted(file);
    progress = new Progress(file.name(), tools.listener(), tools.time());
    pace = new Pace(tools.settings().http().limits().floor(), tools.time());
  }

  /** Tries the candidates until one gives the bytes. */
  Fetched run() {
    try {
      List<Candidate> all = file.candidates();
      Patience first = all.size() > 1 ? Patience.QUICK : Patience.PATIENT;
      Optional<Fetched> fetched = round(all, first);
      if (fetched.isEmpty() && first == Patience.QUICK) {
        List<Candidate> again = all.stream().filter(failures.passing()::contains).toList();
        fetched = round(again, Patience.PATIENT);
      }
      return fetched.orElseThrow(() -> failures.exception(file, progress.received()));
    } finally {
      parts.values().forEach(Part::leave);
    }
  }

  private Optional<Fetched> round(List<Candidate> candidates, Patience patience) {
    for (Candidate candidate : candidates) {
      if (tools.client().deadlinePassed() && !failures.list().isEmpty()) {
        failures.cutShort();
        break;
      }
      Optional<Descriptor> pin = wanted.pin(candidate.form());
      tools
          .listener()
          .on(
              new BakeEvent.Fetching(
                  file.name(), candidate, pin.map(Descriptor::size).orElse(OptionalLong.empty())));
      try {
        Blob blob = blob(candidate, patience);
        tools.listener().on(new BakeEvent.Verified(file.name(), candidate, blob.descriptor()));
        return Optional.of(new Fetched(blob, candidate, progress.received(), failures.list()));
      } catch (SourceException e) {
        tools.listener().on(new BakeEvent.CandidateFailed(file.name(), failures.add(candidate, e)));
      }
    }
    return Optional.empty();
  }

  private Blob blob(Candidate candidate, Patience patience) throws SourceException {
    if (wanted.pin(candidate.form()).isEmpty()) {
      throw new SourceException(FailureKind.UNAVAILABLE, "no digest is pinned for it", null);
    }
    return switch (candidate.url().scheme()) {
      case "file" -> copy(candidate);
      case "http", "https", "oci" -> {
        if (tools.settings().network() == NetworkUse.OFFLINE) {
          throw new SourceException(FailureKind.UNAVAILABLE, "not asked: offline", null);
        }
        yield download(candidate, patience);
      }
      default ->
          throw new SourceException(
              FailureKind.UNAVAILABLE,
              candidate.url().scheme() + ": sources cannot be fetched yet",
              null);
    };
  }

  private Blob copy(Candidate candidate) throws SourceException {
    Path source;
    try {
      source = Path.of(candidate.url().uri());
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          FailureKind.UNAVAILABLE, "it is no path that this system knows", null);
    }
    Copies copies = new Copies(file, staging, progress);
    Descriptor pin = wanted.pin(candidate.form()).orElseThrow();
    try {
      return copies.copy(source, pin, LocalCopy.Counting.TRANSFERRED);
    } catch (DigestMismatchException e) {
      throw wrong(candidate, e, "");
    }
  }

  /** Fetches into the store, when there is one, else into staging. */
  private Blob download(Candidate candidate, Patience patience) throws SourceException {
    Connection connection = Connection.POOLED;
    while (true) {
      Transfer transfer = transfer(candidate, connection);
      Part part = part(candidate.form());
      Blob proven;
      try {
        new Attempts(tools, file.name(), candidate, patience, failures.last(candidate))
            .complete(part, transfer);
        parts.remove(candidate.form());
        proven = part.admit();
      } catch (DigestMismatchException e) {
        String came =
            Content.recognise(part.head(Content.HEAD), transfer.secrecy())
                .map(is -> "; what came is " + is)
                .orElse("");
        part.discard();
        boolean again = part.isJoined() || transfer.isDoubtful();
        if (!again || connection == Connection.FRESH) {
          throw wrong(candidate, e, came);
        }
        // One clean restart from this source alone: another's bytes may have spoilt these.
        connection = Connection.FRESH;
        parts.put(candidate.form(), anew(candidate.form()));
        continue;
      } catch (SourceException e) {
        boolean useless = e.kind() == FailureKind.INTEGRITY || part.size().isEmpty();
        if (useless) {
          drop(candidate.form());
        }
        throw e;
      } catch (DiskException e) {
        drop(candidate.form());
        if (part.store() == staging) {
          throw e;
        }
        tools.shelf().giveUp(e.explanation().happened());
        continue;
      }
      return staged(proven, part.store());
    }
  }

  private Transfer transfer(Candidate candidate, Connection connection) {
    long most = tools.settings().maxDownload();
    Transfer.Line line =
        new Transfer.Line(pace, progress, most, tools.lanes(candidate.url()), tools.buffers());
    return new Transfer(
        tools.client(), tools.registries().address(candidate.url()), line, connection);
  }

  private Part part(Form form) {
    BlobStore into = tools.shelf().store().orElse(staging);
    return parts.computeIfAbsent(form, f -> opened(into, wanted.pin(f).orElseThrow()));
  }

  private Part anew(Form form) {
    BlobStore into = tools.shelf().store().orElse(staging);
    return Part.openAnew(into, wanted.pin(form).orElseThrow(), file.name());
  }

  private Part opened(BlobStore into, Descriptor pin) {
    Part part = Part.open(into, pin, file.name());
    if (part.total() > 0) {
      progress.endsAt(part.total());
      String text = "%s: going on with %d bytes that an earlier run left, hashed again";
      tools.listener().on(new BakeEvent.Notice(text.formatted(file.name(), part.total())));
    }
    return part;
  }

  private void drop(Form form) {
    Part part = parts.remove(form);
    if (part != null) {
      part.discard();
    }
  }

  /** A blob of the store is shared and may change: its bytes are proven again on their way. */
  private Blob staged(Blob blob, BlobStore in) {
    if (in == staging) {
      return blob;
    }
    try {
      return new Copies(file, staging, progress)
          .copy(blob.path(), blob.descriptor(), LocalCopy.Counting.REUSED);
    } catch (SourceException | DigestMismatchException e) {
      throw new DiskException(
          "reading " + blob.path(),
          blob.path().toString(),
          "the store gives back other bytes than were written",
          "check that disk, or bake without --store",
          e);
    }
  }

  private SourceException wrong(Candidate candidate, DigestMismatchException e, String came) {
    boolean isOther =
        wanted
            .otherPin(candidate.form())
            .filter(other -> other.digest().equals(e.actual()))
            .isPresent();
    String hint =
        !isOther
            ? came
            : candidate.form() == Form.DOWNLOAD
                ? "; this is the digest of the unpacked file"
                : "; this is the digest of the download, not of what is unpacked from it";
    String what =
        "wrong bytes: expected %s, actual %s (%d bytes)"
                .formatted(e.wanted(), e.actual(), e.actualSize())
            + hint;
    Optional<Digest> sha256 =
        Optional.of(e.actual()).filter(d -> d.algorithm() == DigestAlgorithm.SHA256);
    return new SourceException(what, sha256, OptionalLong.of(e.actualSize()));
  }
}
