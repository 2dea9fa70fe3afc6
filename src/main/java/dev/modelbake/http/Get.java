package dev.modelbake.http;

import dev.modelbake.model.SourceUrl;
import java.util.Optional;

/**
 * A request for the bytes of a URL.
 *
 * @param url http or https
 * @param offset the first byte wanted, 0 or more; a range is asked for when it is more than 0
 * @param ifRange the strong validator that the bytes before the offset had
 */
public record Get(SourceUrl url, long offset, Optional<String> ifRange, Connection connection) {
  /** Whether a connection that has a past may be used. */
  public enum Connection {
    POOLED,
    /** A new one which speaks HTTP/1.1 and serves nothing else: what to use after an anomaly. */
    FRESH
  }

  /** The whole of a URL over any connection. */
  public static Get whole(SourceUrl url) {
    return new Get(url, 0, Optional.empty(), Connection.POOLED);
  }
}
