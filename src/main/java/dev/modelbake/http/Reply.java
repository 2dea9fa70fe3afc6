package dev.modelbake.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
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

  /**
   * Whether a text, said by the server, has anything in it that only the server was to know: what
   * authorizes, in any of its forms, or a query.
   */
  public boolean repeats(String text) {
    return secrets().stream().anyMatch(text::contains);
  }

  private List<String> secrets() {
    List<String> secrets = new ArrayList<>();
    Optional.ofNullable(response.request().url().query()).ifPresent(secrets::add);
    Optional.ofNullable(response.request().url().encodedQuery()).ifPresent(secrets::add);
    for (String name : List.of("Authorization", "Proxy-Authorization")) {
      for (String value : response.request().headers(name)) {
        secrets.addAll(ofAuthorization(value));
      }
    }
    secrets.removeIf(String::isEmpty);
    return secrets;
  }

  /** The credentials of a scheme; of Basic also the pair in it, and its password alone. */
  private static List<String> ofAuthorization(String value) {
    String credentials = value.substring(value.indexOf(' ') + 1).strip();
    List<String> secrets = new ArrayList<>(List.of(credentials));
    if (value.regionMatches(true, 0, "Basic ", 0, 6)) {
      try {
        String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
        secrets.add(pair);
        secrets.add(pair.substring(pair.indexOf(':') + 1));
      } catch (IllegalArgumentException e) {
        return secrets; // a header of the user's own, in no proper form
      }
    }
    return secrets;
  }

  /** What the status means when it is no success. */
  public HttpFailure failure() {
    return Statuses.of(response);
  }
}
