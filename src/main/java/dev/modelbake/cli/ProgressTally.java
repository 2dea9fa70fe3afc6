package dev.modelbake.cli;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Candidate.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what a run has done so far. Fed from several threads without locks, since bytes are
 * reported thousands of times a second.
 */
final class ProgressTally {
  /** What a file is going through. */
  enum Phase {
    FETCHING,
    RETRYING,
    UNPACKING
  }

  /** A file that something is being done to. */
  static final class Active {
    private final String file;
    private final int order;
    private final OptionalLong size;
    private final long since;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong transferred = new AtomicLong();
    private final ProgressSpeed speed = new ProgressSpeed();
    private volatile Phase phase;

    private Active(String file, int order, OptionalLong size, long since) {
      this.file = file;
      this.order = order;
      this.size = size;
      this.since = since;
      this.phase = Phase.FETCHING;
    }

    String file() {
      return file;
    }

    OptionalLong size() {
      return size;
    }

    long bytes() {
      return bytes.get();
    }

    Phase phase() {
      return phase;
    }

    /** When this phase's candidate, or its unpacking, began. */
    long since() {
      return since;
    }

    /** Bytes a second; for one thread at a time. */
    double speed(long now) {
      speed.sample(now, transferred.get());
      return speed.perSecond();
    }
  }

  private final Map<String, Active> active = new ConcurrentHashMap<>();
  private final Map<String, Integer> orders = new ConcurrentHashMap<>();
  private final AtomicInteger order = new AtomicInteger();
  private final AtomicInteger files = new AtomicInteger();
  private final AtomicInteger kept = new AtomicInteger();
  private final AtomicInteger fetched = new AtomicInteger();
  private final AtomicInteger fromStore = new AtomicInteger();

  private final AtomicInteger made = new AtomicInteger();

  /** Downloads that are parts of files which were made of them. */
  private final AtomicInteger parts = new AtomicInteger();

  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicLong expected = new AtomicLong();
  private final AtomicLong proven = new AtomicLong();
  private final AtomicLong transferred = new AtomicLong();
  private final AtomicLong lastByte = new AtomicLong();
  private final ProgressSpeed speed = new ProgressSpeed();
  private volatile boolean sizesKnown = true;

  /** Counts an event. */
  void count(BakeEvent event, long now) {
    if (event instanceof BakeEvent.Received e) {
      received(e, now);
    } else if (event instanceof BakeEvent.Planned e) {
      files.set(e.files());
      expected.set(e.bytes());
      lastByte.set(now);
    } else if (event instanceof BakeEvent.Kept) {
      kept.incrementAndGet();
    } else if (event instanceof BakeEvent.Fetching e) {
      begin(e.file(), e.size(), now);
      sizesKnown &= e.size().isPresent();
    } else if (event instanceof BakeEvent.Retrying e) {
      phase(e.file(), Phase.RETRYING);
    } else if (event instanceof BakeEvent.CandidateFailed e) {
      active.remove(e.file());
    } else if (event instanceof BakeEvent.Verified e) {
      verified(e);
    } else if (event instanceof BakeEvent.Made e) {
      active.remove(e.file());
      made.incrementAndGet();
      parts.addAndGet(e.parts());
    } else if (event instanceof BakeEvent.Unpacking e) {
      begin(e.file(), OptionalLong.empty(), now).phase = Phase.UNPACKING;
    } else if (event instanceof BakeEvent.Unpacked e) {
      active.remove(e.file());
    } else if (event instanceof BakeEvent.Failed e) {
      Active last = active.remove(e.file());
      // What this file still had to bring will not come.
      expected.addAndGet(last == null ? 0 : -last.size().orElse(0));
      failed.incrementAndGet();
    }
  }

  private Active begin(String file, OptionalLong size, long now) {
    // A file keeps its line when another candidate is tried.
    int place = orders.computeIfAbsent(file, name -> order.incrementAndGet());
    Active begun = new Active(file, place, size, now);
    if (active.isEmpty()) {
      lastByte.set(now); // nobody was to bring any until now
    }
    active.put(file, begun);
    return begun;
  }

  private void received(BakeEvent.Received event, long now) {
    Active one = active.get(event.file());
    if (one == null) {
      return;
    }
    // A count that falls back was a fresh start: what came before was transferred all the same.
    long before = one.bytes.getAndSet(event.bytes());
    long more = event.bytes() >= before ? event.bytes() - before : event.bytes();
    one.transferred.addAndGet(more);
    transferred.addAndGet(more);
    one.phase = Phase.FETCHING;
    lastByte.set(now);
  }

  private void phase(String file, Phase phase) {
    Active one = active.get(file);
    if (one != null) {
      one.phase = phase;
    }
  }

  private void verified(BakeEvent.Verified event) {
    active.remove(event.file());
    proven.addAndGet(event.descriptor().size().orElse(0));
    if (event.candidate().role() == Role.STORE) {
      fromStore.incrementAndGet();
    } else {
      fetched.incrementAndGet();
    }
  }

  /** Files that something is being done to, in the order they first began. */
  List<Active> active() {
    return active.values().stream().sorted(Comparator.comparingInt(one -> one.order)).toList();
  }

  /** The one with this name, if it is active. */
  OptionalLong since(String file) {
    Active one = active.get(file);
    return one == null ? OptionalLong.empty() : OptionalLong.of(one.since());
  }

  /** Whether it was said how many files there are. */
  boolean isPlanned() {
    return files.get() > 0;
  }

  int files() {
    return files.get();
  }

  int kept() {
    return kept.get();
  }

  /** Files whose download came over the network and is proven. */
  int fetched() {
    return fetched.get();
  }

  /** Files whose download came from the store and is proven. */
  int fromStore() {
    return fromStore.get();
  }

  /** Files that are proven without a download of their own. */
  int made() {
    return made.get();
  }

  int failed() {
    return failed.get();
  }

  /** Files that need no more bytes: already right, or their download is proven. */
  int done() {
    return kept() + fetched() + fromStore() + made() - parts.get();
  }

  /** Bytes of proven downloads. */
  long provenBytes() {
    return proven.get();
  }

  /** Bytes that still count: proven, or of a transfer in progress. */
  long bytes() {
    return proven.get() + active.values().stream().mapToLong(Active::bytes).sum();
  }

  /** Bytes of the whole run, when all sizes are known. */
  OptionalLong expected() {
    return sizesKnown && expected.get() > 0
        ? OptionalLong.of(Math.max(expected.get(), bytes()))
        : OptionalLong.empty();
  }

  /** 0 to 1; 1 only when no file is left. */
  OptionalDouble fraction() {
    OptionalLong whole = expected();
    if (whole.isEmpty()) {
      return OptionalDouble.empty();
    }
    double fraction = (double) bytes() / whole.getAsLong();
    boolean complete = done() + failed() >= files() && active.isEmpty();
    return OptionalDouble.of(complete ? 1 : Math.min(0.99, fraction));
  }

  /** Bytes a second of all files; for one thread at a time. */
  double speed(long now) {
    speed.sample(now, transferred.get());
    return speed.perSecond();
  }

  /** Seconds until the end at the present speed; for one thread at a time. */
  OptionalLong secondsLeft(long now) {
    double perSecond = speed(now);
    OptionalLong whole = expected();
    return perSecond < 1 || whole.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of((long) Math.ceil((whole.getAsLong() - bytes()) / perSecond));
  }

  /** Nanoseconds since a byte came. */
  long silence(long now) {
    return now - lastByte.get();
  }
}
