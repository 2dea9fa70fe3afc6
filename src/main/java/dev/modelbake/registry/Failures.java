package dev.modelbake.registry;

import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Reply;
import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.model.Digest;
import dev.modelbake.model.Explanation;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Printable;
import dev.modelbake.model.RegistryException;
import dev.modelbake.oci.Repository;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What can go wrong with one request, put into words: the registry's own code and message, and the
 * likely cause.
 *
 * @param size in bytes of what was sent, when something was
 */
record Failures(Repository repository, String what, OptionalLong size) {
  private static final JsonBounds BOUNDS = new JsonBounds(64 << 10, 20);
  private static final int TEXT = 200;

  /** What was being done, and where. */
  String doing() {
    return what + " in " + repository;
  }

  /**
   * Demands a status.
   *
   * @throws RegistryException with the reason for another one
   */
  void demand(Reply reply, int status) {
    if (reply.status() != status) {
      HttpFailure failure = told(reply, reply.failure());
      FailureKind kind =
          reply.status() == 413
              ? FailureKind.REFUSED
              : reply.status() != 401 && isQuota(failure.what())
                  ? FailureKind.IO
                  : failure.trouble().kind();
      throw exception(kind, reply.status(), failure.what(), remedy(reply.status()), failure);
    }
  }

  /**
   * Refuses an answer that names another digest than what was sent; one that names none is usual.
   *
   * @throws RegistryException then
   */
  void demandDigest(Reply reply, Digest digest) {
    Optional<String> told = reply.header("Docker-Content-Digest");
    if (told.isPresent() && !told.get().equals(digest.toString())) {
      throw exception(
          FailureKind.INTEGRITY,
          reply.status(),
          "it says that it stored %s, sent was %s"
              .formatted(
                  reply.repeats(told.get()) ? "another" : Printable.of(told.get(), TEXT), digest),
          "do not use that registry before somebody has looked into it",
          null);
    }
  }

  /** A failure with what the registry itself says. */
  HttpFailure told(Reply reply, HttpFailure failure) {
    String own = own(reply);
    return own.isEmpty() ? failure : failure.with(failure.what() + ": " + own);
  }

  /** No usable answer. */
  RegistryException of(HttpFailure e) {
    String remedy =
        switch (e.trouble()) {
          case LOGIN -> remedy(401);
          case TLS ->
              "give its certificate authority with --cacert; for plain http --insecure-registry";
          case REFUSED -> "the policy of the site decides which hosts are asked";
          case NAME_UNKNOWN -> "check the registry's name";
          default ->
              e.trouble().kind() == FailureKind.TEMPORARY
                  ? "try again later; what is there already is not sent again"
                  : "see whether a registry answers there";
        };
    return exception(e.trouble().kind(), 0, e.what(), remedy, e);
  }

  /** An answer that no registry gives. */
  RegistryException unusable(String happened) {
    return exception(
        FailureKind.UNAVAILABLE, 0, happened, "see whether a registry answers there", null);
  }

  private RegistryException exception(
      FailureKind kind, int status, String happened, String remedy, @Nullable Throwable cause) {
    return new RegistryException(kind, status, new Explanation(doing(), happened, remedy), cause);
  }

  private static boolean isQuota(String happened) {
    return happened.toLowerCase(Locale.ROOT).contains("quota");
  }

  private String remedy(int status) {
    String bytes = size.isPresent() ? " (this has %d bytes)".formatted(size.getAsLong()) : "";
    return switch (status) {
      case 401 ->
          "log in (docker login, skopeo login), or mount the secret docker-config.json; a name or"
              + " password may be wrong";
      case 403 ->
          "the account may lack the right to push, the project may not exist, or its quota is full"
              + bytes;
      case 404 ->
          "create the project or repository, if this registry wants that; or something was removed"
              + " meanwhile: run it again";
      case 405, 412 -> "this registry does not allow it: perhaps a tag that cannot be changed";
      case 413 ->
          "a proxy before the registry, or the registry, limits the size of one file" + bytes;
      default -> "ask whoever runs the registry";
    };
  }

  /** The registry's own code and message (Distribution Specification, error codes). */
  private static String own(Reply reply) {
    try {
      if (JsonReader.read(reply.body(), BOUNDS) instanceof JsonObject json
          && json.array("errors").isPresent()) {
        StringBuilder text = new StringBuilder();
        for (JsonObject error : json.array("errors").get().objects()) {
          text.append(text.isEmpty() ? "" : ", ")
              .append(error.string("code").orElse(""))
              .append(error.string("message").map(message -> " " + message).orElse(""));
        }
        // An account may be refused by its name, but nobody says a password back.
        return reply.repeats(text.toString()) ? "" : Printable.of(text.toString(), TEXT);
      }
      return "";
    } catch (JsonException e) {
      return "";
    }
  }
}
