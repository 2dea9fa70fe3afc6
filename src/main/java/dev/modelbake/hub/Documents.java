package dev.modelbake.hub;

import dev.modelbake.http.Answer;
import dev.modelbake.http.Content;
import dev.modelbake.http.Get;
import dev.modelbake.http.Get.Connection;
import dev.modelbake.http.HttpClient;
import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Login;
import dev.modelbake.http.Pace;
import dev.modelbake.http.Patience;
import dev.modelbake.http.RetryPolicy;
import dev.modelbake.http.RetryPolicy.Attempt;
import dev.modelbake.http.RetryPolicy.Decision;
import dev.modelbake.http.Speed;
import dev.modelbake.http.Time;
import dev.modelbake.http.Trouble;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.HubException;
import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.model.SourceUrl;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Gets answers of the API, asking again as the policy says. Safe for use by several threads.
 *
 * @param most bytes of one answer
 * @param random 0 to 1, for the jitter of pauses
 */
record Documents(Tools tools, int most, DoubleSupplier random) {
  private static final int BUFFER = 64 << 10;

  /** What every request needs. */
  record Tools(HttpClient client, Speed floor, BakeListener listener, Time time) {}

  /**
   * Gets one answer.
   *
   * @throws HubException if there is none, or it is an HTML page, or too long
   */
  Document get(String url, Failures failures) {
    SourceUrl source = SourceUrl.parse(url);
    Connection connection = Connection.POOLED;
    for (int attempt = 1; ; attempt++) {
      try {
        return once(
            new Get(source, Get.Part.ALL, Optional.empty(), connection, Login.NONE), failures);
      } catch (HttpFailure e) {
        Attempt failed = new Attempt(attempt, Patience.PATIENT, random.getAsDouble());
        Decision decision = RetryPolicy.decide(failed, e, tools.time().now());
        if (decision instanceof Decision.GoOn on) {
          throw failures.of(e, on.why());
        }
        pause(((Decision.Again) decision).pause(), source, e);
        connection = Connection.FRESH;
      }
    }
  }

  private void pause(Duration pause, SourceUrl url, HttpFailure e) {
    String text = "%s: %s; asking again in %d s";
    tools
        .listener()
        .on(new BakeEvent.Notice(text.formatted(url, e.what(), (pause.toMillis() + 500) / 1000)));
    try {
      tools.time().sleep(pause);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new InterruptedBakeException("asking " + url);
    }
  }

  private Document once(Get get, Failures failures) throws HttpFailure {
    Pace pace = new Pace(tools.floor(), tools.time());
    try (Answer answer = tools.client().get(get, pace)) {
      byte[] bytes = body(answer, failures);
      byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, Content.HEAD));
      Optional<String> other = Content.recognise(head, answer.secrecy());
      if (other.isPresent()) {
        throw failures.unusable("the answer is " + other.get(), null);
      }
      return new Document(bytes, answer);
    }
  }

  private byte[] body(Answer answer, Failures failures) throws HttpFailure {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    while (answer.read(buffer.clear()) >= 0) {
      body.write(buffer.array(), 0, buffer.position());
      if (body.size() > most) {
        throw failures.refused("the hub's answer has more than %d bytes".formatted(most));
      }
    }
    if (answer.length().isPresent() && answer.length().getAsLong() != body.size()) {
      throw new HttpFailure(Trouble.CUT, "the answer ended early", null);
    }
    return body.toByteArray();
  }
}
