package dev.modelbake.hub;

import dev.modelbake.http.Answer;
import java.util.Optional;

/** A whole answer of the API. */
final class Document {
  private final byte[] bytes;
  private final Optional<String> commit;
  private final Optional<String> link;

  Document(byte[] bytes, Answer answer) {
    this.bytes = bytes;
    commit = answer.header("X-Repo-Commit");
    link = answer.header("Link");
  }

  /** The body; nobody changes it. */
  byte[] bytes() {
    return bytes;
  }

  /** Which commit the server says the answer is about. */
  Optional<String> commit() {
    return commit;
  }

  /** Where the rest of a list is, as RFC 8288 writes it. */
  Optional<String> link() {
    return link;
  }
}
