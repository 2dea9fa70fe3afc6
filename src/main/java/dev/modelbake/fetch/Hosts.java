package dev.modelbake.fetch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one run knows of the servers it asks, by origin: how many transfers are under way, and how
 * often in a row they failed. Safe for use by several threads.
 */
final class Hosts {
  /** Failures in a row after which an origin is asked once for each file, and not again. */
  private static final int TRIES = 10;

  private final int connections;
  private final Map<String, Host> hosts = new ConcurrentHashMap<>();

  Hosts(int connections) {
    this.connections = connections;
  }

  private record Host(Semaphore slots, AtomicInteger failures) {}

  /** Waits until another transfer from this origin may begin. */
  void enter(String origin) throws InterruptedException {
    host(origin).slots().acquire();
  }

  /** Notes the end of a transfer. */
  void leave(String origin) {
    host(origin).slots().release();
  }

  /** Notes that an origin gave what it was asked for. */
  void succeeded(String origin) {
    host(origin).failures().set(0);
  }

  /** Notes a failure that may pass; whether there is reason to ask again. */
  boolean mayRetryAfterFailure(String origin) {
    return host(origin).failures().incrementAndGet() < TRIES;
  }

  private Host host(String origin) {
    return hosts.computeIfAbsent(
        origin, name -> new Host(new Semaphore(connections, true), new AtomicInteger()));
  }
}
