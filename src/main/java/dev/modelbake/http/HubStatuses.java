package dev.modelbake.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Response;

/**
 * What a status of the Hugging Face endpoint means: its {@code X-Error-Code} decides, whatever the
 * status. The names are those that its own client goes by.
 */
final class HubStatuses {
  private static final Pattern API =
      Pattern.compile("(.*)/api/(models|datasets|spaces)/(.+?)/(?:revision|tree)/.*");

  /** Sent with status 403 and sometimes without a code. */
  private static final String DISABLED = "Access to this resource is disabled.";

  private HubStatuses() {}

  /** The failure, when the hub has its own word for it. */
  static Optional<HttpFailure> of(Response response) {
    String page = page(response.request().url().newBuilder().query(null).fragment(null).toString());
    return switch (code(response)) {
      case "RepoNotFound" ->
          failure(
              Trouble.ABSENT,
              "there is no repository %s that this token may see (RepoNotFound)".formatted(page));
      case "RevisionNotFound" ->
          failure(Trouble.ABSENT, "%s has no such revision (RevisionNotFound)".formatted(page));
      case "EntryNotFound" ->
          failure(Trouble.ABSENT, "%s has no such file (EntryNotFound)".formatted(page));
      case "DisabledRepo" ->
          failure(Trouble.ABSENT, "the hub has disabled %s (DisabledRepo)".formatted(page));
      case "GatedRepo" ->
          failure(
              Trouble.LOGIN,
              "%1$s is gated (GatedRepo): accept the licence at %1$s and give that account's token"
                  .formatted(page));
      default ->
          response.code() == 401
              ? failure(
                  Trouble.LOGIN,
                  "HTTP 401: either there is no %s, or it is private and HF_TOKEN is missing or wrong"
                      .formatted(page))
              : Optional.empty();
    };
  }

  private static String code(Response response) {
    if (DISABLED.equals(response.header("X-Error-Message"))) {
      return "DisabledRepo";
    }
    String code = response.header("X-Error-Code");
    return code == null ? "" : code;
  }

  private static Optional<HttpFailure> failure(Trouble trouble, String what) {
    return Optional.of(new HttpFailure(trouble, what, Optional.empty()));
  }

  /** The page of the repository that a file or an answer of the API belongs to. */
  static String page(String url) {
    int end = url.indexOf("/resolve/");
    if (end >= 0) {
      return url.substring(0, end);
    }
    Matcher api = API.matcher(url);
    if (!api.matches()) {
      return url;
    }
    String kind = api.group(2).equals("models") ? "" : api.group(2) + "/";
    return api.group(1) + "/" + kind + api.group(3);
  }
}
