package dev.modelbake.http;

import dev.modelbake.model.FailureKind;

/** What sort of trouble an exchange met: which exit code follows, and how often to try again. */
public enum Trouble {
  /** The resolver says that there is no such name. */
  NAME_UNKNOWN(FailureKind.UNAVAILABLE, 1, 1),
  /** The resolver gave no answer. */
  NAME_UNRESOLVED(FailureKind.TEMPORARY, 1, 5),
  /** No connection: refused, no route, time-out. */
  NO_CONNECTION(FailureKind.TEMPORARY, 1, 5),
  /** The connection, or the body, ended early. */
  CUT(FailureKind.TEMPORARY, 3, 5),
  /** The body ended early and the server means it so. */
  SHORT(FailureKind.INTEGRITY, 2, 2),
  /** Headers or body came too slowly. */
  TOO_SLOW(FailureKind.TEMPORARY, 2, 2),
  /** No trusted connection. */
  TLS(FailureKind.UNAVAILABLE, 1, 1),
  /** The proxy could not be used. */
  PROXY(FailureKind.TEMPORARY, 1, 3),
  /** The proxy wants other credentials. */
  PROXY_LOGIN(FailureKind.AUTHENTICATION, 1, 1),
  /** An answer that HTTP does not allow; once more, on a connection without a past. */
  BROKEN_PROTOCOL(FailureKind.UNAVAILABLE, 2, 2),
  /** 408, 425, 5xx. */
  BUSY(FailureKind.TEMPORARY, 2, 5),
  /** 429: the host is alive and wants fewer requests. */
  TOO_MANY(FailureKind.TEMPORARY, 3, 8),
  /** 404, 410 and every other answer that is of no use. */
  ABSENT(FailureKind.UNAVAILABLE, 1, 1),
  /** 401, 403. */
  LOGIN(FailureKind.AUTHENTICATION, 1, 1),
  /** A redirect that is not followed. */
  REDIRECT(FailureKind.UNAVAILABLE, 1, 1),
  /** An address that may not be asked. */
  REFUSED(FailureKind.REFUSED, 1, 1),
  /** The time for the whole run is over. */
  DEADLINE(FailureKind.TEMPORARY, 1, 1);

  private final FailureKind kind;
  private final int quick;
  private final int patient;

  Trouble(FailureKind kind, int quick, int patient) {
    this.kind = kind;
    this.quick = quick;
    this.patient = patient;
  }

  /** The kind of failure. */
  public FailureKind kind() {
    return kind;
  }

  /** The number of attempts in all, 1 or more. */
  int attempts(Patience patience) {
    return patience == Patience.QUICK ? quick : patient;
  }
}
