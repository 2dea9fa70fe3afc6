package dev.modelbake.pin;

import dev.modelbake.digest.GitBlobId;
import dev.modelbake.digest.TreeDigest;
import dev.modelbake.fetch.Fetched;
import dev.modelbake.fetch.Fetcher;
import dev.modelbake.hub.HubFile;
import dev.modelbake.manifest.Setting;
import dev.modelbake.manifest.Setting.Value;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.ContradictionException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FilePart;
import dev.modelbake.model.Hints;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Origin;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Reason;
import dev.modelbake.model.Unpacking;
import dev.modelbake.pin.Pin.Evidence;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import dev.modelbake.unpack.Unpacked;
import dev.modelbake.unpack.Unpacker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Finds what is missing of the pins of one file. */
final class FilePinner {
  /** A tree with more files is pinned as a whole. */
  private static final int MOST_MEMBERS = 16;

  private final Fetcher fetcher;
  private final Unpacker unpacker = new Unpacker();
  private final Snapshots snapshots;
  private final BlobStore staging;

  /** Bytes, and how sure they are. */
  private record Seen(Blob blob, Evidence evidence) {}

  FilePinner(Fetcher fetcher, Snapshots snapshots, BlobStore staging) {
    this.fetcher = fetcher;
    this.snapshots = snapshots;
    this.staging = staging;
  }

  /**
   * The pins of a file.
   *
   * @param anew whether pins that are there are found again
   */
  List<Pin> pin(Model model, ModelFile file, PlannedFile planned, boolean anew) {
    Optional<Descriptor> given = anew ? Optional.empty() : file.pin();
    boolean sized = given.isPresent() && given.get().size().isPresent();
    boolean plain = file.unpacking() instanceof Unpacking.None;
    boolean proven = plain || (!anew && isProven(file.unpacking()));
    if (sized && proven && isPinned(file.parts())) {
      return List.of();
    }
    if (model.hub().isPresent() && proven) {
      HubFile known = Snapshots.file(snapshots.of(model.hub().get()), file.path(), file.at());
      if (known.lfsSha256().isPresent()) {
        return List.of(ofMetadata(file, planned, known, given));
      }
    }
    List<Pin> pins = new ArrayList<>();
    Seen seen =
        file.parts().isEmpty()
            ? see(planned, file.hints(), given)
            : seeParts(file, planned, given, pins);
    Descriptor came = seen.blob().descriptor();
    checkName(model, file, seen.blob());
    List<Setting> settings = new ArrayList<>();
    if (!sized) {
      settings.addAll(settings(came));
    }
    if (!proven) {
      settings.addAll(unpacked(file, planned, seen.blob()));
    }
    pins.add(new Pin(planned.name(), file.at(), List.of(), settings, seen.evidence()));
    return pins;
  }

  private static boolean isPinned(List<FilePart> parts) {
    return parts.stream()
        .allMatch(part -> part.pin().filter(pin -> pin.size().isPresent()).isPresent());
  }

  private static boolean isProven(Unpacking unpacking) {
    if (unpacking instanceof Unpacking.Stream stream) {
      return stream.output().isPresent();
    }
    return !(unpacking instanceof Unpacking.Tree tree)
        || !(tree.pin() instanceof Unpacking.TreePin.Absent);
  }

  private static List<Setting> settings(Descriptor descriptor) {
    return List.of(
        Setting.of("sha256", descriptor.digest().hex()),
        Setting.of("size", descriptor.size().orElseThrow()));
  }

  /** The hub itself says what a file in git-lfs is. */
  private static Pin ofMetadata(
      ModelFile file, PlannedFile planned, HubFile known, Optional<Descriptor> given) {
    Digest sha256 = known.lfsSha256().orElseThrow();
    if (given.isPresent() && !given.get().digest().equals(sha256)) {
      throw new ContradictionException(
          planned.name(),
          "the manifest pins %s, the hub says %s".formatted(given.get().digest(), sha256));
    }
    List<Setting> settings = new ArrayList<>();
    settings.add(Setting.of("sha256", sha256.hex()));
    settings.add(Setting.of("size", known.size()));
    if (!file.lfs()) {
      settings.add(new Setting("lfs", new Value.Flag(true)));
    }
    return new Pin(planned.name(), file.at(), List.of(), settings, Evidence.METADATA);
  }

  /** The hub tells git's id of what is not in git-lfs. */
  private void checkName(Model model, ModelFile file, Blob blob) {
    if (model.hub().isEmpty()) {
      return;
    }
    HubFile known = Snapshots.file(snapshots.of(model.hub().get()), file.path(), file.at());
    try {
      String id = GitBlobId.of(blob.path());
      boolean same =
          known
              .lfsSha256()
              .map(sha256 -> sha256.equals(blob.descriptor().digest()))
              .orElse(id.equals(known.blobId()));
      if (!same) {
        throw new ContradictionException(
            file.path(),
            "the hub lists it with other bytes (%s) than it serves".formatted(known.cacheName()));
      }
    } catch (IOException e) {
      throw new DiskException(
          "reading " + blob.path(), blob.path().toString(), Reason.of(e), "look at the disk", e);
    }
  }

  private Seen seeParts(
      ModelFile file, PlannedFile planned, Optional<Descriptor> given, List<Pin> pins) {
    Origin.Parts parts = (Origin.Parts) planned.origin();
    List<Blob> blobs = new ArrayList<>();
    for (int i = 0; i < file.parts().size(); i++) {
      FilePart part = file.parts().get(i);
      Origin.Part origin = parts.parts().get(i);
      Seen seen = see(planned.part(origin), part.hints(), part.pin());
      Descriptor came = seen.blob().descriptor();
      if (!isPinned(List.of(part))) {
        pins.add(new Pin(origin.name(), part.at(), List.of(), settings(came), seen.evidence()));
      }
      blobs.add(seen.blob());
    }
    Blob whole = fetcher.firstSight(planned, blobs, staging);
    agree(planned.name(), whole.descriptor(), file.hints(), given);
    return new Seen(whole, Evidence.DOWNLOADED);
  }

  /** What the first source gives; published digests and a second source must agree with it. */
  private Seen see(PlannedFile file, Hints hints, Optional<Descriptor> given) {
    Fetched first =
        fetcher.firstSight(
            file, hints.size(), hints.digests().stream().map(Digest::algorithm).toList(), staging);
    Descriptor came = first.blob().descriptor();
    agree(file.name(), came, hints, given);
    return new Seen(first.blob(), evidence(file, first, hints, given));
  }

  private Evidence evidence(
      PlannedFile file, Fetched first, Hints hints, Optional<Descriptor> given) {
    if (!hints.digests().isEmpty()) {
      return Evidence.TWO_SOURCES;
    }
    if (given.isPresent()) {
      return Evidence.GIVEN;
    }
    return second(file, first) ? Evidence.TWO_SOURCES : Evidence.DOWNLOADED;
  }

  /** Whether another source gives the same; one that gives nothing says nothing. */
  private boolean second(PlannedFile file, Fetched first) {
    List<Candidate> others =
        file.candidates().stream()
            .filter(candidate -> !candidate.equals(first.candidate()))
            .filter(candidate -> candidate.form() == Candidate.Form.DOWNLOAD)
            .toList();
    if (others.isEmpty()) {
      return false;
    }
    Descriptor came = first.blob().descriptor();
    try {
      Fetched second =
          fetcher.firstSight(
              file.with(new Origin.Download(others)), OptionalLong.empty(), List.of(), staging);
      if (!second.blob().descriptor().digest().equals(came.digest())) {
        throw new ContradictionException(
            file.name(),
            "%s gives %s, %s gives %s"
                .formatted(
                    first.candidate(), came, second.candidate(), second.blob().descriptor()));
      }
      return true;
    } catch (BakeException e) {
      if (e instanceof ContradictionException || e.kind() == FailureKind.INTERRUPTED) {
        throw e;
      }
      return false;
    }
  }

  private static void agree(String file, Descriptor came, Hints hints, Optional<Descriptor> given) {
    if (given.isPresent() && !given.get().digest().equals(came.digest())) {
      throw new ContradictionException(
          file, "the manifest pins %s, what came is %s".formatted(given.get().digest(), came));
    }
    for (Digest published : hints.digests()) {
      for (Digest found : came.others()) {
        if (found.algorithm() == published.algorithm() && !found.equals(published)) {
          throw new ContradictionException(
              file, "%s is published, what came has %s".formatted(published, found));
        }
      }
    }
  }

  private List<Setting> unpacked(ModelFile file, PlannedFile planned, Blob blob) {
    Unpacked unpacked = unpacker.unpack(planned.with(withoutPin(file.unpacking())), blob, staging);
    if (file.unpacking() instanceof Unpacking.Stream) {
      Descriptor output = unpacked.entries().get(0).blob().descriptor();
      return List.of(new Setting("unpacked", new Value.Table(settings(output))));
    }
    return unpacked.entries().size() <= MOST_MEMBERS
        ? List.of(new Setting("members", new Value.Items(members(unpacked))))
        : List.of(new Setting("unpacked", tree(unpacked)));
  }

  private static Unpacking withoutPin(Unpacking unpacking) {
    if (unpacking instanceof Unpacking.Stream stream) {
      return new Unpacking.Stream(
          stream.compression(), Optional.empty(), List.of(), stream.limits());
    }
    return unpacking instanceof Unpacking.Tree tree
        ? new Unpacking.Tree(
            tree.archive(),
            tree.strip(),
            tree.include(),
            new Unpacking.TreePin.Absent(),
            tree.links(),
            tree.limits())
        : unpacking;
  }

  private static List<Value.Table> members(Unpacked unpacked) {
    List<Value.Table> members = new ArrayList<>();
    for (Unpacked.Entry entry : unpacked.entries()) {
      List<Setting> member = new ArrayList<>();
      member.add(Setting.of("path", entry.path()));
      member.addAll(settings(entry.blob().descriptor()));
      members.add(new Value.Table(member));
    }
    return members;
  }

  private static Value.Table tree(Unpacked unpacked) {
    Map<String, Digest> digests = new TreeMap<>();
    unpacked
        .entries()
        .forEach(entry -> digests.put(entry.path(), entry.blob().descriptor().digest()));
    long size = unpacked.entries().stream().mapToLong(entry -> entry.blob().size()).sum();
    return new Value.Table(
        List.of(
            Setting.of("tree", TreeDigest.of(digests).hex()),
            Setting.of("files", digests.size()),
            Setting.of("size", size)));
  }
}
