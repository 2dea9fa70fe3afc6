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

  /** Whether the answer comes from a Hugging Face endpoint, which has codes of its own. */
  enum Server {
    ANY,
    HUB
  }

  static HttpFailure of(Response response, Server server) {
    Optional<HttpFailure> told = server == Server.HUB ? hub(response) : Optional.empty();
    return told.orElseGet(() -> plain(response));
  }

  private static HttpFailure plain(Response response) {
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
    boolean busy = status == 408 || status == 425 || status == 429;
    return busy || (status >= 500 && status < 600) ? Trouble.BUSY : Trouble.ABSENT;
  }

  /** {@code X-Error-Code} decides; a status 401 alone has two causes. */
  private static Optional<HttpFailure> hub(Response response) {
    String code = Optional.ofNullable(response.header("X-Error-Code")).orElse("");
    String repository = repository(response);
    return switch (code) {
      case "RepoNotFound" ->
          failure(
              Trouble.ABSENT,
              "there is no repository %s that this token may see (RepoNotFound)"
                  .formatted(repository));
      case "RevisionNotFound" ->
          failure(
              Trouble.ABSENT, "%s has no such revision (RevisionNotFound)".formatted(repository));
      case "EntryNotFound" ->
          failure(Trouble.ABSENT, "%s has no such file (EntryNotFound)".formatted(repository));
      case "GatedRepo" ->
          failure(
              Trouble.LOGIN,
              "%1$s is gated (GatedRepo): accept the licence at %1$s and give that account's token"
                  .formatted(repository));
      default ->
          response.code() == 401
              ? failure(
                  Trouble.LOGIN,
                  "HTTP 401: either there is no %s, or it is private and HF_TOKEN is missing or wrong"
                      .formatted(repository))
              : Optional.empty();
    };
  }

  private static Optional<HttpFailure> failure(Trouble trouble, String what) {
    return Optional.of(new HttpFailure(trouble, what, Optional.empty()));
  }

  /** The page of the repository: everything before {@code /resolve/}. */
  private static String repository(Response response) {
    String url = response.request().url().newBuilder().query(null).fragment(null).toString();
    int end = url.indexOf("/resolve/");
    return end < 0 ? url : url.substring(0, end);
  }
}
