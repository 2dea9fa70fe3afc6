package dev.modelbake.guard;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * Something that reached for the network, once or several times.
 *
 * @param host a name or an address; {@code unknown} when the kernel counted it and nobody else saw,
 *     or the proxy was asked for more than it keeps apart
 * @param port 0 when it is not known
 * @param seen by which layers
 * @param url without its query
 * @param program what is known of the process, such as {@code curl (4711)}
 * @param count 1 or more
 */
public record Attempt(
    String host,
    int port,
    Verdict verdict,
    SortedSet<Sight> seen,
    Optional<String> url,
    Optional<Caller> caller,
    Optional<String> program,
    long count) {
  /** What the kernel alone saw. */
  public static final String UNKNOWN = "unknown";

  /** What became of it. */
  public enum Verdict {
    REFUSED,
    ALLOWED
  }

  /** How it was seen. */
  public enum Sight {
    /** A name was to be looked up, from Python. */
    LOOKUP,
    /** A connection, from Python. */
    CONNECT,
    /** A datagram, from Python. */
    SEND,
    /** A request through a proxy, from Python. */
    REQUEST,
    /** The guard's own proxy was asked. */
    PROXY,
    /** The kernel counted a packet that had no way out. */
    KERNEL
  }

  /**
   * The line of code that reached out.
   *
   * @param file relative to site-packages when it lies there
   * @param through the library that it used for it
   * @param stack the innermost call first
   */
  public record Caller(
      String file, int line, String function, Optional<String> through, List<String> stack) {
    public Caller {
      stack = List.copyOf(stack);
    }
  }

  /** The same, seen so often. */
  Attempt counted(long times) {
    return new Attempt(host, port, verdict, seen, url, caller, program, times);
  }

  /** Whether the proxy alone saw it. */
  boolean isProxys() {
    return seen.equals(Set.of(Sight.PROXY));
  }

  /** Whether the kernel alone saw it, which does not know its host. */
  public boolean isKernels() {
    return seen.equals(Set.of(Sight.KERNEL));
  }

  /** Host and port as people write them. */
  public String target() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return port == 0 ? name : name + ":" + port;
  }
}
