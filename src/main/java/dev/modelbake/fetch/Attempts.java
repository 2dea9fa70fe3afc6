package dev.modelbake.fetch;

import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Patience;
import dev.modelbake.http.RetryPolicy;
import dev.modelbake.http.RetryPolicy.Attempt;
import dev.modelbake.http.RetryPolicy.Decision;
import dev.modelbake.http.Trouble;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.InterruptedBakeException;
import java.time.Duration;
import java.util.Optional;

/**
 * The attempts at one source: asks the policy after each failure, and pauses as it says.
 *
 * @param earlier how the source failed in an earlier round
 */
record Attempts(
    Tools tools, String file, Candidate candidate, Patience patience, Optional<String> earlier) {
  /**
   * Transfers until the part is complete.
   *
   * @throws SourceException if the source is given up
   */
  void complete(Part part, Transfer transfer) throws SourceException {
    Optional<String> down = tools.hosts().isDown(candidate.url().origin());
    if (down.isPresent()) {
      throw new SourceException(FailureKind.TEMPORARY, down.get(), null);
    }
    Optional<String> before = earlier;
    for (int attempt = 1; ; attempt++) {
      try {
        run(part, transfer);
        return;
      } catch (HttpFailure e) {
        attempt = part.hasProgressed() ? 1 : attempt;
        pause(pauseAfter(told(e, before), attempt), attempt, e.what());
        before = Optional.of(e.what());
      } catch (InterruptedException e) {
        throw interrupted();
      }
    }
  }

  private void run(Part part, Transfer transfer)
      throws HttpFailure, SourceException, InterruptedException {
    String origin = candidate.url().origin();
    tools.hosts().enter(origin);
    try {
      transfer.run(part);
      tools.hosts().succeeded(origin);
    } finally {
      tools.hosts().leave(origin);
    }
  }

  /** That time is up is not why a source gave nothing: what it did before is told as well. */
  private static HttpFailure told(HttpFailure e, Optional<String> before) {
    return e.trouble() == Trouble.DEADLINE && before.isPresent()
        ? e.with(e.what() + "; before that: " + before.get())
        : e;
  }

  private Duration pauseAfter(HttpFailure e, int attempt) throws SourceException {
    Optional<Duration> asked = e.retryAfter(tools.time().now());
    if (!tools.hosts().failed(candidate.url().origin(), e, asked)) {
      throw new SourceException(e.trouble().kind(), e.what(), e);
    }
    Attempt failed = new Attempt(attempt, patience, tools.random().getAsDouble());
    Decision decision = RetryPolicy.decide(failed, e, tools.time().now());
    if (decision instanceof Decision.Again again) {
      return tools.client().untilDeadline(again.pause());
    }
    String why = decision instanceof Decision.GoOn on ? on.why() : "";
    String what = why.isEmpty() ? e.what() : e.what() + ", " + why;
    throw new SourceException(e.trouble().kind(), what, e);
  }

  private void pause(Duration pause, int attempt, String why) {
    tools.listener().on(new BakeEvent.Retrying(file, candidate, attempt, pause, why));
    try {
      tools.time().sleep(pause);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private InterruptedBakeException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedBakeException("fetching " + file);
  }
}
