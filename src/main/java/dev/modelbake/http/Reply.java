package dev.modelbake.http;

import java.util.List;
import java.util.Optional;
import okhttp3.Response;

/** The whole answer to a {@link Send}, whatever its status. */
public final class Reply {
  private final Response response;
  private final byte[] body;

  Reply(Response response, byte[] body) {
    this.response = response;
    this.body = body.clone();
  }

  /** The status. */
  public int status() {
    return response.code();
  }

  /** A header's value, the last of several. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(response.header(name));
  }

  /** All values of a header. */
  public List<String> headers(String name) {
    return response.headers(name);
  }

  /** The body. */
  public byte[] body() {
    return body.clone();
  }

  /** What the status means when it is no success. */
  public HttpFailure failure() {
    return Statuses.of(response);
  }
}
