package dev.modelbake.hub;

import dev.modelbake.http.Answer;
import dev.modelbake.http.Asking;
import dev.modelbake.http.Content;
import dev.modelbake.http.Get;
import dev.modelbake.http.Get.Connection;
import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Login;
import dev.modelbake.http.Trouble;
import dev.modelbake.model.HubException;
import dev.modelbake.model.SourceUrl;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Gets answers of the API, asking again as the policy says. Safe for use by several threads.
 *
 * @param most bytes of one answer
 */
record Documents(Asking asking, int most) {
  private static final int BUFFER = 64 << 10;

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
        pause(e, attempt, source, failures);
        connection = Connection.FRESH;
      }
    }
  }

  private void pause(HttpFailure e, int attempt, SourceUrl url, Failures failures) {
    try {
      asking.pause(e, attempt, url.toString());
    } catch (HttpFailure last) {
      throw failures.of(last);
    }
  }

  private Document once(Get get, Failures failures) throws HttpFailure {
    try (Answer answer = asking.client().get(get, asking.pace())) {
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
