package dev.modelbake.hub;

import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Trouble;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.HubException;
import dev.modelbake.model.HubRepository;
import dev.modelbake.model.Printable;
import org.jspecify.annotations.Nullable;

/** What can go wrong with the questions about one repository, put into words. */
record Failures(String endpoint, HubRepository repository) {
  private static final int TEXT = 300;

  /** No usable answer. */
  HubException of(HttpFailure e) {
    return exception(e.trouble().kind(), e.what(), remedy(e.trouble()), e);
  }

  /** An answer that is none of the hub's. */
  HubException unusable(String what, @Nullable Throwable cause) {
    return exception(
        FailureKind.UNAVAILABLE,
        "%s, where the hub's description of %s is expected"
            .formatted(Printable.of(what, TEXT), repository.page(endpoint)),
        "see whether a proxy, or HF_ENDPOINT, stands between you and the hub",
        cause);
  }

  /** Answers which contradict each other. */
  HubException changed(String what) {
    return exception(
        FailureKind.INTEGRITY,
        what,
        "run it again; if it stays so, %s does not serve commits as they are".formatted(endpoint),
        null);
  }

  /** Files which nobody should write. */
  HubException refused(String what) {
    return exception(
        FailureKind.REFUSED,
        what,
        "do not use this repository, or fetch single files of it by their URLs",
        null);
  }

  private HubException exception(
      FailureKind kind, String what, String remedy, @Nullable Throwable cause) {
    return new HubException(kind, repository, what, remedy, cause);
  }

  private static String remedy(Trouble trouble) {
    return switch (trouble.kind()) {
      case AUTHENTICATION ->
          trouble == Trouble.LOGIN
              ? "give the token of an account that may read it (HF_TOKEN, or the secret hf_token)"
              : "give the proxy's user and password in its URL";
      case TEMPORARY -> "try again later";
      case REFUSED -> "allow it if it is meant";
      default ->
          trouble == Trouble.ABSENT
              ? "check the repository's name, its type (model, dataset, space) and the revision;"
                  + " a private one needs HF_TOKEN"
              : "check HF_ENDPOINT and the way to it";
    };
  }
}
