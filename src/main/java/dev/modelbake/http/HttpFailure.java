package dev.modelbake.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An exchange without a usable answer. Its message is printable and holds no secret. */
public final class HttpFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Trouble trouble;
  private final @Nullable String retryAfter;

  /** A failure that says nothing about when to come back. */
  public HttpFailure(Trouble trouble, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.trouble = trouble;
    retryAfter = null;
  }

  /** A failure told by a status. */
  HttpFailure(Trouble trouble, String message, Optional<String> retryAfter) {
    super(message);
    this.trouble = trouble;
    this.retryAfter = retryAfter.orElse(null);
  }

  /** The same failure in other words. */
  public HttpFailure with(String message) {
    HttpFailure other = new HttpFailure(trouble, message, Optional.ofNullable(retryAfter));
    other.initCause(this);
    return other;
  }

  /** What sort of trouble it was. */
  public Trouble trouble() {
    return trouble;
  }

  /** The message, which is always there. */
  public String what() {
    return String.valueOf(getMessage());
  }

  /** How long the server asks to wait, never negative; empty when it does not. */
  public Optional<Duration> retryAfter(Instant now) {
    return Optional.ofNullable(retryAfter).flatMap(value -> RetryAfter.parse(value, now));
  }
}
