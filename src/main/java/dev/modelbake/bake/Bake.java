package dev.modelbake.bake;

import dev.modelbake.fetch.Fetched;
import dev.modelbake.fetch.Fetcher;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeFailedException;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.Batch;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Receipt;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.publish.Publisher;
import dev.modelbake.publish.Staged;
import dev.modelbake.publish.Staging;
import dev.modelbake.publish.Standing;
import dev.modelbake.publish.Times;
import dev.modelbake.store.BlobStore;
import dev.modelbake.unpack.Unpacked;
import dev.modelbake.unpack.Unpacker;
import dev.modelbake.work.Workers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** One run over a surveyed plan. */
final class Bake {
  private final Fetcher fetcher;
  private final Unpacker unpacker = new Unpacker();
  private final Times times;
  private final Workers workers;
  private final Ledger ledger;

  Bake(Fetcher fetcher, Times times, Workers workers, Ledger ledger) {
    this.fetcher = fetcher;
    this.times = times;
    this.workers = workers;
    this.ledger = ledger;
  }

  /**
   * Fetches, unpacks and publishes.
   *
   * @throws BakeException unless every file stands at its place
   */
  BakeReport run(Plan plan) {
    announce(plan);
    Staging staging = Staging.open(plan);
    try (staging) {
      return run(plan, staging);
    } finally {
      staging.kept().forEach(this::tellKept);
    }
  }

  private BakeReport run(Plan plan, Staging staging) {
    try {
      Publisher publisher = new Publisher(times, staging, ledger);
      publisher.preflight(plan);
      List<Staged> staged = stage(plan, staging);
      Receipt receipt = publisher.publish(plan, staged);
      staging.discard();
      ledger.on(new BakeEvent.Finished(plan.files().size(), 0, ledger.took()));
      return ledger.report(plan, receipt, Optional.empty());
    } catch (BakeException failure) {
      if (failure.kind() == FailureKind.IO) {
        staging.discard(); // a full disk must not stay full
      }
      throw failure;
    }
  }

  private void announce(Plan plan) {
    int right = (int) plan.files().stream().filter(PlannedFile::isRight).count();
    long bytes = Batch.of(plan.files()).stream().mapToLong(Batch::download).sum();
    ledger.on(new BakeEvent.Planned(plan.files().size(), right, bytes));
    plan.notices().forEach(notice -> ledger.on(new BakeEvent.Notice(notice.toString())));
    plan.files().stream()
        .filter(file -> file.state() == State.PRESENT)
        .forEach(file -> ledger.on(new BakeEvent.Kept(file.name())));
  }

  /** Every file is tried; nothing is published unless all of them are there. */
  private List<Staged> stage(Plan plan, Staging staging) {
    Map<String, Staged> staged = new ConcurrentHashMap<>();
    List<BakeException> failures =
        workers.forEach(
            Batch.of(plan.files()).stream().filter(batch -> !batch.wanted().isEmpty()).toList(),
            "fetching",
            batch -> stage(batch, staging).forEach(one -> staged.put(one.file().name(), one)));
    if (failures.isEmpty()) {
      return List.copyOf(staged.values());
    }
    long wanted = plan.files().stream().filter(file -> !file.isRight()).count();
    ledger.on(new BakeEvent.Finished(0, (int) wanted - staged.size(), ledger.took()));
    FailureKind gravest = FailureKind.gravest(failures.stream().map(BakeException::kind).toList());
    throw new BakeFailedException(
        failures, ledger.report(plan, new Receipt(List.of()), Optional.of(gravest)));
  }

  private List<Staged> stage(Batch batch, Staging staging) {
    List<PlannedFile> wanted = batch.wanted();
    try {
      BlobStore store = staging.storeFor(wanted.get(0));
      Optional<Unpacked> standing = standing(batch, staging, store);
      Unpacked bytes = standing.orElseGet(() -> fetched(wanted.get(0), store));
      wanted.stream()
          .skip(standing.isPresent() ? 0 : 1)
          .forEach(file -> ledger.on(new BakeEvent.Made(file.name(), 0, proof(bytes, file))));
      return wanted.stream().map(file -> staged(file, bytes)).toList();
    } catch (BakeException failure) {
      wanted.forEach(file -> ledger.on(new BakeEvent.Failed(file.name(), failure)));
      throw failure;
    }
  }

  /** Bytes that stand at another of their places, or in a cache without a link to them. */
  private static Optional<Unpacked> standing(Batch batch, Staging staging, BlobStore store) {
    Standing standing = new Standing(staging);
    return Stream.concat(batch.standing().stream(), batch.wanted().stream().limit(1))
        .filter(file -> file.isRight() || isCached(file))
        .flatMap(file -> standing.copy(file, store).stream())
        .map(Unpacked::of)
        .findFirst();
  }

  private static boolean isCached(PlannedFile file) {
    return file.target() instanceof Target.Resolved target && target.cache().isPresent();
  }

  private Unpacked fetched(PlannedFile file, BlobStore store) {
    Fetched fetched = fetcher.fetch(file, store);
    if (fetched.isUnpacked() || file.unpacking() instanceof Unpacking.None) {
      return Unpacked.of(fetched.blob());
    }
    ledger.on(new BakeEvent.Unpacking(file.name()));
    Unpacked unpacked = unpacker.unpack(file, fetched.blob(), store);
    ledger.on(new BakeEvent.Unpacked(file.name(), unpacked.entries().size(), size(unpacked)));
    return unpacked;
  }

  /** What a file without a download of its own is: a tree is what its archive is. */
  private static Descriptor proof(Unpacked bytes, PlannedFile file) {
    return file.unpacking() instanceof Unpacking.Tree
        ? file.pin().orElseThrow()
        : bytes.entries().get(0).blob().descriptor();
  }

  private static long size(Unpacked unpacked) {
    return unpacked.entries().stream().mapToLong(entry -> entry.blob().size()).sum();
  }

  private static Staged staged(PlannedFile file, Unpacked unpacked) {
    if (!(file.unpacking() instanceof Unpacking.Tree)) {
      return Staged.of(file, unpacked.entries().get(0).blob());
    }
    List<Staged.Item> items =
        unpacked.entries().stream()
            .map(entry -> new Staged.Item(entry.path(), entry.blob()))
            .toList();
    List<Staged.Link> links =
        unpacked.links().stream().map(link -> new Staged.Link(link.path(), link.target())).toList();
    return new Staged(file, items, unpacked.directories(), links);
  }

  private void tellKept(Path directory) {
    ledger.on(new BakeEvent.Notice("kept for the next run: " + directory));
  }
}
