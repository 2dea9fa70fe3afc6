package dev.modelbake.http;

import dev.modelbake.http.RetryPolicy.Attempt;
import dev.modelbake.http.RetryPolicy.Decision;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.InterruptedBakeException;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Sends requests again as the policy says. Safe for use by several threads.
 *
 * @param floor of what is sent and received
 * @param random 0 to 1, for the jitter of pauses
 */
public record Asking(
    HttpClient client, Speed floor, Time time, DoubleSupplier random, BakeListener listener) {
  /** A pace for one exchange. */
  public Pace pace() {
    return new Pace(floor, time);
  }

  /**
   * Sends a request that may be repeated.
   *
   * @param doing for messages
   * @throws HttpFailure if there is no answer, or one that says that it may pass and does not
   */
  public Reply send(Send send, String doing) throws HttpFailure {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(send);
      } catch (HttpFailure e) {
        pause(e, attempt, doing);
      }
    }
  }

  /**
   * Sends a request once.
   *
   * @throws HttpFailure if there is no answer, or one that says that it may pass
   */
  public Reply once(Send send) throws HttpFailure {
    Reply reply = client.send(send, pace());
    HttpFailure failure = reply.failure();
    if (failure.trouble() == Trouble.BUSY || failure.trouble() == Trouble.TOO_MANY) {
      throw failure;
    }
    return reply;
  }

  /**
   * Waits before another attempt.
   *
   * @param attempt that failed, counted from 1
   * @throws HttpFailure the failure, when there is to be no other
   */
  public void pause(HttpFailure failure, int attempt, String doing) throws HttpFailure {
    Attempt failed = new Attempt(attempt, Patience.PATIENT, random.getAsDouble());
    Decision decision = RetryPolicy.decide(failed, failure, time.now());
    if (decision instanceof Decision.GoOn on) {
      throw on.why().isEmpty() ? failure : failure.with(failure.what() + ", " + on.why());
    }
    Duration pause = client.untilDeadline(((Decision.Again) decision).pause());
    String text = "%s: %s; again in %d s";
    listener.on(
        new BakeEvent.Notice(
            text.formatted(doing, failure.what(), (pause.toMillis() + 500) / 1000)));
    try {
      time.sleep(pause);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new InterruptedBakeException(doing);
    }
  }
}
