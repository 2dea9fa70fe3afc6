package dev.modelbake.hub;

import dev.modelbake.hub.Snapshot.Restriction;
import dev.modelbake.json.Json;
import dev.modelbake.json.JsonArray;
import dev.modelbake.json.JsonBoolean;
import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonNull;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.model.HubRepository;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The questions about one repository: first for its commit, then only about that commit. */
final class Inquiry {
  private static final int DEPTH = 64;

  private final Documents documents;
  private final String endpoint;
  private final HubRepository asked;
  private final Failures failures;
  private final JsonBounds bounds;

  Inquiry(Documents documents, String endpoint, HubRepository asked) {
    this.documents = documents;
    this.endpoint = endpoint;
    this.asked = asked;
    failures = new Failures(endpoint, asked);
    bounds = new JsonBounds(documents.most(), DEPTH);
  }

  /** Something that reads an answer. */
  @FunctionalInterface
  private interface Reading<T> {
    T take() throws JsonException;
  }

  /** Asks. */
  Snapshot snapshot() {
    Document answer = documents.get(asked.description(endpoint), failures);
    Listing siblings = new Listing(failures);
    JsonObject description =
        read(() -> JsonReader.read(answer.bytes(), bounds, "siblings", siblings::takeSibling));
    HubRepository pinned = asked.at(read(() -> commit(description)));
    boolean listed = description.find("siblings").filter(JsonArray.class::isInstance).isPresent();
    Listing files = listed && siblings.isComplete() ? siblings : tree(pinned, siblings.paths());
    return new Snapshot(pinned, files.files(), read(() -> restrictions(description)));
  }

  private String commit(JsonObject description) throws JsonException {
    String sha =
        description.string("sha").orElseThrow(() -> new JsonException("it names no commit"));
    String commit = Listing.hex(sha, 40);
    if (asked.isPinned() && !asked.revision().value().equals(commit)) {
      throw failures.changed(
          "the hub was asked for the commit %s and answers with %s"
              .formatted(asked.revision(), commit));
    }
    return commit;
  }

  /** The other form of the list, which is long and in pages, but knows more. */
  private Listing tree(HubRepository pinned, Set<String> told) {
    String url = pinned.tree(endpoint);
    Pages pages = new Pages(url, failures);
    Listing listing = new Listing(failures);
    Optional<String> next = Optional.of(url + "?recursive=true&expand=false");
    while (next.isPresent()) {
      Document page = documents.get(next.get(), failures);
      checkCommit(page, pinned.revision().value());
      read(() -> takePage(page, listing));
      next = pages.next(page);
    }
    for (String path : told) {
      if (!listing.paths().contains(path)) {
        throw failures.changed("the list of files changed between two answers for one commit");
      }
    }
    if (!listing.isComplete()) {
      throw failures.unusable("the answer leaves out sizes or digests of files", null);
    }
    return listing;
  }

  private void checkCommit(Document page, String commit) {
    page.commit()
        .filter(other -> !other.equalsIgnoreCase(commit))
        .ifPresent(
            other -> {
              throw failures.changed(
                  "the list of files changed between two answers: the first was about %s"
                      .formatted(commit));
            });
  }

  private Listing takePage(Document page, Listing listing) throws JsonException {
    if (!(JsonReader.read(page.bytes(), bounds) instanceof JsonArray entries)) {
      throw new JsonException("a list of files is expected");
    }
    for (Json entry : entries.values()) {
      listing.takeEntry(entry);
    }
    return listing;
  }

  private static Set<Restriction> restrictions(JsonObject description) throws JsonException {
    Set<Restriction> restrictions = EnumSet.noneOf(Restriction.class);
    if (description.bool("private").orElse(false)) {
      restrictions.add(Restriction.PRIVATE);
    }
    if (description.bool("disabled").orElse(false)) {
      restrictions.add(Restriction.DISABLED);
    }
    // false, or how the licence is accepted: "auto" or "manual".
    Json gated = description.find("gated").orElse(new JsonNull());
    boolean open = gated instanceof JsonNull || gated.equals(new JsonBoolean(false));
    if (!open) {
      restrictions.add(Restriction.GATED);
    }
    return restrictions;
  }

  private <T> T read(Reading<T> reading) {
    try {
      return reading.take();
    } catch (JsonException e) {
      throw failures.unusable("the answer cannot be used (%s)".formatted(e.getMessage()), e);
    }
  }
}
