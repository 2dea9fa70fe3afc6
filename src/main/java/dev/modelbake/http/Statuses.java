package dev.modelbake.http;

import java.util.Map;
import java.util.Optional;
import okhttp3.Response;

/** What a status without a body for us means. */
final class Statuses {
  private static final Map<Integer, String> PHRASES =
      Map.ofEntries(
          Map.entry(401, "login required"),
          Map.entry(403, "forbidden"),
          Map.entry(404, "not found"),
          Map.entry(408, "time-out"),
          Map.entry(410, "gone"),
          Map.entry(416, "no such range"),
          Map.entry(425, "too early"),
          Map.entry(429, "too many requests"),
          Map.entry(500, "server error"),
          Map.entry(502, "bad gateway"),
          Map.entry(503, "unavailable"),
          Map.entry(504, "gateway time-out"));

  private Statuses() {}

  static HttpFailure of(Response response) {
    int status = response.code();
    String phrase = PHRASES.get(status);
    String what = "HTTP " + status + (phrase == null ? "" : " (" + phrase + ")");
    return new HttpFailure(
        trouble(status), what, Optional.ofNullable(response.header(Clients.RETRY_AFTER)));
  }

  private static Trouble trouble(int status) {
    if (status == 401 || status == 403) {
      return Trouble.LOGIN;
    }
    if (status == 429) {
      return Trouble.TOO_MANY;
    }
    boolean busy = status == 408 || status == 425;
    return busy || (status >= 500 && status < 600) ? Trouble.BUSY : Trouble.ABSENT;
  }
}
