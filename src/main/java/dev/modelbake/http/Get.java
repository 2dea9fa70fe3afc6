package dev.modelbake.http;

import dev.modelbake.model.SourceUrl;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request for the bytes of a URL.
 *
 * @param url http or https
 * @param part the bytes wanted
 * @param ifRange the strong validator that the bytes had of which these are a part
 */
public record Get(
    SourceUrl url, Part part, Optional<String> ifRange, Connection connection, Login login) {
  /**
   * The bytes wanted.
   *
   * @param from the first, 0 or more
   * @param to the byte behind the last, more than {@code from}; absent for everything that follows
   */
  public record Part(long from, OptionalLong to) {
    /** All bytes. */
    public static final Part ALL = new Part(0, OptionalLong.empty());

    /** Whether less than all is asked for, so that a range must be. */
    boolean isRange() {
      return from > 0 || to.isPresent();
    }

    /** The range as HTTP writes it (RFC 9110, section 14.2). */
    String text() {
      return "bytes=" + from + "-" + (to.isPresent() ? Long.toString(to.getAsLong() - 1) : "");
    }
  }

  /** Which connection may be used. */
  public enum Connection {
    /** Any, several exchanges at once on one where the server speaks HTTP/2. */
    POOLED,
    /** One that serves nothing else meanwhile, so HTTP/1.1: each takes its own share of a line. */
    OWN,
    /** A new one which speaks HTTP/1.1 and serves nothing else: what to use after an anomaly. */
    FRESH
  }

  /** The whole of a URL over any connection. */
  public static Get whole(SourceUrl url) {
    return new Get(url, Part.ALL, Optional.empty(), Connection.POOLED, Login.NONE);
  }
}
