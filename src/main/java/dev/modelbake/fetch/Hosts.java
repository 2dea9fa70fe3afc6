package dev.modelbake.fetch;

import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Time;
import dev.modelbake.http.Trouble;
import dev.modelbake.model.FailureKind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * What one run knows of the servers it asks, by origin: how many transfers are under way, how fast
 * it may ask, and whether anybody is there. Safe for use by several threads.
 */
final class Hosts {
  /** Failures in a row after which nobody seems to be there. */
  private static final int TRIES = 10;

  /** How often such a host is asked all the same. */
  private static final Duration PROBE = Duration.ofSeconds(30);

  private final int connections;
  private final Time time;
  private final Map<String, Host> hosts = new ConcurrentHashMap<>();

  Hosts(int connections, Time time) {
    this.connections = connections;
    this.time = time;
  }

  private static final class Host {
    private final Semaphore slots;
    private final Pacing pacing = new Pacing();
    private int failures;
    private String last = "";
    private Duration probed = Duration.ZERO;

    Host(int connections) {
      slots = new Semaphore(connections, true);
    }

    synchronized Duration turn(Duration now) {
      return pacing.turn(now);
    }
  }

  /** Waits until another transfer from this origin may begin. */
  void enter(String origin) throws InterruptedException {
    Host host = host(origin);
    host.slots.acquire();
    try {
      Duration pause = host.turn(time.elapsed());
      if (!pause.isZero()) {
        time.sleep(pause);
      }
    } catch (InterruptedException e) {
      host.slots.release();
      throw e;
    }
  }

  /** Whether another transfer from this origin may begin now; it has begun then. */
  boolean tryEnter(String origin) {
    Host host = host(origin);
    synchronized (host) {
      return !host.pacing.isSlow() && host.slots.tryAcquire();
    }
  }

  /** Notes the end of a transfer. */
  void leave(String origin) {
    host(origin).slots.release();
  }

  /** Notes that an origin gave what it was asked for. */
  void succeeded(String origin) {
    Host host = host(origin);
    synchronized (host) {
      host.failures = 0;
      host.pacing.speedUp();
    }
  }

  /**
   * Notes a failure.
   *
   * @param asked the pause that the host asks for
   * @return whether there is reason to ask it again soon
   */
  boolean failed(String origin, HttpFailure failure, Optional<Duration> asked) {
    Host host = host(origin);
    synchronized (host) {
      if (failure.trouble() == Trouble.TOO_MANY) {
        host.pacing.slowDown(time.elapsed(), asked);
        return true;
      }
      if (failure.trouble().kind() != FailureKind.TEMPORARY) {
        return true;
      }
      host.failures++;
      host.last = failure.what();
      host.probed = time.elapsed();
      return host.failures < TRIES;
    }
  }

  /** Why an origin should not be asked at all; every while it should nevertheless, once. */
  Optional<String> isDown(String origin) {
    Host host = host(origin);
    synchronized (host) {
      if (host.failures < TRIES) {
        return Optional.empty();
      }
      if (time.elapsed().minus(host.probed).compareTo(PROBE) > 0) {
        host.probed = time.elapsed();
        return Optional.empty();
      }
      return Optional.of(
          "not asked: this host failed %d times in a row, the last time: %s"
              .formatted(host.failures, host.last));
    }
  }

  private Host host(String origin) {
    return hosts.computeIfAbsent(origin, name -> new Host(connections));
  }
}
