package dev.modelbake.bake;

import dev.modelbake.fetch.Fetched;
import dev.modelbake.fetch.Fetcher;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeFailedException;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Receipt;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.Unpacking;
import dev.modelbake.publish.Publisher;
import dev.modelbake.publish.Staged;
import dev.modelbake.publish.Staging;
import dev.modelbake.publish.Times;
import dev.modelbake.store.BlobStore;
import dev.modelbake.unpack.Unpacked;
import dev.modelbake.unpack.Unpacker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One run over a surveyed plan. */
final class Bake {
  private final Fetcher fetcher;
  private final Unpacker unpacker = new Unpacker();
  private final Times times;
  private final Runs runs;
  private final Ledger ledger;

  Bake(Fetcher fetcher, Times times, Runs runs, Ledger ledger) {
    this.fetcher = fetcher;
    this.times = times;
    this.runs = runs;
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
    List<PlannedFile> missing = plan.files().stream().filter(Bake::isToBeFetched).toList();
    long bytes = missing.stream().mapToLong(Bake::downloadSize).sum();
    ledger.on(
        new BakeEvent.Planned(plan.files().size(), plan.files().size() - missing.size(), bytes));
    plan.notices().forEach(notice -> ledger.on(new BakeEvent.Notice(notice.toString())));
    plan.files().stream()
        .filter(file -> file.state() == State.PRESENT)
        .forEach(file -> ledger.on(new BakeEvent.Kept(file.name())));
  }

  private static boolean isToBeFetched(PlannedFile file) {
    return file.state() != State.PRESENT && file.state() != State.WRONG_OWNER_OR_MODE;
  }

  /** A text is known already and weighs nothing. */
  private static long downloadSize(PlannedFile file) {
    return file.origin() instanceof Origin.Literal ? 0 : file.pin().orElseThrow().size().orElse(0);
  }

  /** Files that are made of the same bytes in the same way, and wait for them in one place. */
  private record Bytes(
      String model, Optional<Descriptor> pin, Origin origin, Unpacking unpacking, Path staging) {}

  /** Every file is tried; nothing is published unless all of them are there. */
  private List<Staged> stage(Plan plan, Staging staging) {
    Map<Bytes, List<PlannedFile>> shared = new LinkedHashMap<>();
    plan.files().stream()
        .filter(Bake::isToBeFetched)
        .forEach(
            file ->
                shared.computeIfAbsent(bytes(file, staging), key -> new ArrayList<>()).add(file));
    Map<String, Staged> staged = new ConcurrentHashMap<>();
    List<BakeException> failures =
        runs.forEach(
            List.copyOf(shared.values()),
            files ->
                stage(files, plan, staging).forEach(one -> staged.put(one.file().name(), one)));
    if (failures.isEmpty()) {
      return List.copyOf(staged.values());
    }
    ledger.on(new BakeEvent.Finished(0, failures.size(), ledger.took()));
    FailureKind gravest = FailureKind.gravest(failures.stream().map(BakeException::kind).toList());
    throw new BakeFailedException(
        failures, ledger.report(plan, new Receipt(List.of()), Optional.of(gravest)));
  }

  private static Bytes bytes(PlannedFile file, Staging staging) {
    return new Bytes(
        file.model(), file.pin(), file.origin(), file.unpacking(), staging.storeFor(file).root());
  }

  /** Gets the bytes once and stages all files that are made of them. */
  private List<Staged> stage(List<PlannedFile> files, Plan plan, Staging staging) {
    PlannedFile first = files.get(0);
    try {
      BlobStore store = staging.storeFor(first);
      Fetched fetched = fetcher.fetch(withTwin(first, plan, staging), store);
      files.stream().skip(1).forEach(file -> tellFetched(file, fetched));
      boolean plain =
          fetched.candidate().form() == Candidate.Form.UNPACKED
              || first.unpacking() instanceof Unpacking.None;
      if (plain) {
        return files.stream().map(file -> Staged.of(file, fetched.blob())).toList();
      }
      ledger.on(new BakeEvent.Unpacking(first.name()));
      Unpacked unpacked = unpacker.unpack(first, fetched.blob(), store);
      for (PlannedFile file : files) {
        ledger.on(new BakeEvent.Unpacked(file.name(), unpacked.entries().size(), size(unpacked)));
      }
      return files.stream().map(file -> staged(file, unpacked)).toList();
    } catch (BakeException failure) {
      files.forEach(file -> ledger.on(new BakeEvent.Failed(file.name(), failure)));
      throw failure;
    }
  }

  private void tellFetched(PlannedFile file, Fetched fetched) {
    Descriptor descriptor = fetched.blob().descriptor();
    ledger.on(new BakeEvent.Fetching(file.name(), fetched.candidate(), descriptor.size()));
    ledger.on(new BakeEvent.Verified(file.name(), fetched.candidate(), descriptor));
  }

  /** When the same bytes stand at another place of the model already, they are taken from there. */
  private static PlannedFile withTwin(PlannedFile file, Plan plan, Staging staging) {
    if (!(file.origin() instanceof Origin.Download) || file.unpacking() instanceof Unpacking.Tree) {
      return file;
    }
    Candidate.Form form =
        file.unpacking() instanceof Unpacking.None
            ? Candidate.Form.DOWNLOAD
            : Candidate.Form.UNPACKED;
    return plan.files().stream()
        .filter(twin -> !isToBeFetched(twin) && twin.model().equals(file.model()))
        .filter(twin -> twin.pin().equals(file.pin()) && twin.origin().equals(file.origin()))
        .filter(twin -> twin.unpacking().equals(file.unpacking()))
        .findFirst()
        .map(
            twin ->
                file.withFirst(
                    new Candidate(
                        new SourceUrl(staging.locate(twin).toUri()), Candidate.Role.STORE, form)))
        .orElse(file);
  }

  private static long size(Unpacked unpacked) {
    return unpacked.entries().stream().mapToLong(entry -> entry.blob().size()).sum();
  }

  private static Staged staged(PlannedFile file, Unpacked unpacked) {
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
