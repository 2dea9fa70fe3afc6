package dev.modelbake.bake;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.BakeReport.FileReport;
import dev.modelbake.model.BakeReport.Outcome;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.CandidateFailure;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Writes down what happens to each file while passing every event on. */
final class Ledger implements BakeListener {
  private final BakeListener next;
  private final LongSupplier nanoTime;
  private final Instant started;
  private final long startedNanos;
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();

  Ledger(BakeListener next, Instant started, LongSupplier nanoTime) {
    this.next = next;
    this.started = started;
    this.nanoTime = nanoTime;
    this.startedNanos = nanoTime.getAsLong();
  }

  @Override
  public void on(BakeEvent event) {
    record(event);
    next.on(event);
  }

  private void record(BakeEvent event) {
    if (event instanceof BakeEvent.Fetching e) {
      account(e.file()).begin(nanoTime.getAsLong());
    } else if (event instanceof BakeEvent.Received e) {
      account(e.file()).received(e.transferred());
    } else if (event instanceof BakeEvent.CandidateFailed e) {
      account(e.file()).failed(e.failure());
    } else if (event instanceof BakeEvent.Verified e) {
      account(e.file()).verified(e.candidate(), nanoTime.getAsLong());
    } else if (event instanceof BakeEvent.Made e) {
      account(e.file()).made(nanoTime.getAsLong());
    } else if (event instanceof BakeEvent.Published e) {
      account(e.file()).published();
    } else if (event instanceof BakeEvent.Failed e) {
      account(e.file()).broke(e.failure(), nanoTime.getAsLong());
    }
  }

  private Account account(String file) {
    return accounts.computeIfAbsent(file, name -> new Account());
  }

  /** The time since the run began. */
  Duration took() {
    return Duration.ofNanos(nanoTime.getAsLong() - startedNanos);
  }

  BakeReport report(Plan plan, Receipt receipt, Optional<FailureKind> failure) {
    List<FileReport> files = plan.files().stream().map(file -> summed(file).report(file)).toList();
    return new BakeReport(started, took(), files, receipt, failure, plan.notices());
  }

  /** What a file and its parts went through. */
  private Account summed(PlannedFile file) {
    Account account = account(file.name());
    if (file.origin() instanceof Origin.Parts parts) {
      parts.parts().forEach(part -> account.add(account(part.name())));
    }
    return account;
  }

  /** What one file went through; events of one file come one after the other. */
  private static final class Account {
    private final List<CandidateFailure> failures = new ArrayList<>();
    private Optional<Candidate> source = Optional.empty();
    private Optional<String> error = Optional.empty();
    private boolean proven;
    private boolean published;
    private boolean begun;
    private long begin;
    private long end;
    private long total;

    synchronized void begin(long now) {
      if (!begun) {
        begin = now;
        begun = true;
      }
    }

    synchronized void received(long transferred) {
      total = Math.max(total, transferred);
    }

    synchronized void failed(CandidateFailure failure) {
      failures.add(failure);
    }

    synchronized void verified(Candidate candidate, long now) {
      source = Optional.of(candidate);
      proven = true;
      end = now;
    }

    synchronized void add(Account part) {
      total += part.total;
      failures.addAll(part.failures);
      begin = part.begun && (!begun || part.begin - begin < 0) ? part.begin : begin;
      begun |= part.begun;
    }

    synchronized void made(long now) {
      begin(now);
      proven = true;
      end = now;
    }

    synchronized void published() {
      published = true;
    }

    synchronized void broke(BakeException failure, long now) {
      error = Optional.of(failure.explanation().toString());
      end = now;
    }

    synchronized FileReport report(PlannedFile file) {
      Duration took = begun ? Duration.ofNanos(Math.max(0, end - begin)) : Duration.ZERO;
      return new FileReport(file.name(), outcome(file), source, total, took, failures, error);
    }

    private Outcome outcome(PlannedFile file) {
      if (error.isPresent()) {
        return Outcome.FAILED;
      }
      return switch (file.state()) {
        case PRESENT -> Outcome.KEPT;
        case WRONG_OWNER_OR_MODE -> published ? Outcome.MENDED : Outcome.STAGED;
        case UNKNOWN, ABSENT, WRONG_BYTES, WRONG_TYPE ->
            published ? Outcome.FETCHED : proven ? Outcome.STAGED : Outcome.FAILED;
      };
    }
  }
}
