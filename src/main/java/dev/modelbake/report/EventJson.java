package dev.modelbake.report;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonObject;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Explanation;

/** An event of a run as JSON; {@code docs/progress.schema.json} describes each. */
public final class EventJson {
  private EventJson() {}

  /**
   * The first of the stream, which says how to read the others.
   *
   * @param millis since the stream began
   */
  public static JsonObject start(long millis) {
    return event("start", millis).with("schema", "modelbake-progress/1");
  }

  /**
   * One event.
   *
   * @param millis since the stream began
   */
  public static JsonObject of(BakeEvent event, long millis) {
    if (event instanceof BakeEvent.Planned e) {
      return event("planned", millis)
          .with("files", e.files())
          .with("kept", e.kept())
          .with("bytes", e.bytes());
    }
    if (event instanceof BakeEvent.Notice e) {
      return event("notice", millis).with("text", e.text());
    }
    if (event instanceof BakeEvent.Finished e) {
      return event("finished", millis)
          .with("proven", e.proven())
          .with("failed", e.failed())
          .with("tookMs", e.took().toMillis());
    }
    return ofTransfer(event, millis);
  }

  private static JsonObject ofTransfer(BakeEvent event, long millis) {
    if (event instanceof BakeEvent.Fetching e) {
      JsonObject object =
          event("fetching", millis, e.file()).with("source", Forms.candidate(e.candidate()));
      return e.size().isPresent() ? object.with("size", e.size().getAsLong()) : object;
    }
    if (event instanceof BakeEvent.Received e) {
      return event("received", millis, e.file())
          .with("bytes", e.bytes())
          .with("transferred", e.transferred());
    }
    if (event instanceof BakeEvent.Retrying e) {
      return event("retrying", millis, e.file())
          .with("source", Forms.candidate(e.candidate()))
          .with("attempt", e.attempt())
          .with("pauseMs", e.pause().toMillis())
          .with("why", e.why());
    }
    if (event instanceof BakeEvent.CandidateFailed e) {
      return event("candidate-failed", millis, e.file())
          .with("failure", Forms.failure(e.failure()));
    }
    if (event instanceof BakeEvent.Verified e) {
      return event("verified", millis, e.file())
          .with("source", Forms.candidate(e.candidate()))
          .with("pin", Forms.descriptor(e.descriptor()));
    }
    return ofFile(event, millis);
  }

  private static JsonObject ofFile(BakeEvent event, long millis) {
    if (event instanceof BakeEvent.Kept e) {
      return event("kept", millis, e.file());
    }
    if (event instanceof BakeEvent.Made e) {
      return event("made", millis, e.file())
          .with("parts", e.parts())
          .with("pin", Forms.descriptor(e.descriptor()));
    }
    if (event instanceof BakeEvent.Unpacking e) {
      return event("unpacking", millis, e.file());
    }
    if (event instanceof BakeEvent.Unpacked e) {
      return event("unpacked", millis, e.file()).with("files", e.files()).with("bytes", e.bytes());
    }
    if (event instanceof BakeEvent.Published e) {
      return event("published", millis, e.file());
    }
    if (event instanceof BakeEvent.Failed e) {
      Explanation why = e.failure().explanation();
      return event("failed", millis, e.file())
          .with("kind", Labels.of(e.failure().kind()))
          .with("doing", why.doing())
          .with("happened", why.happened())
          .with("remedy", why.remedy());
    }
    throw new IllegalArgumentException("an event without a form: " + event.getClass());
  }

  private static JsonObject event(String name, long millis) {
    return Json.object().with("event", name).with("t", millis);
  }

  private static JsonObject event(String name, long millis, String file) {
    return event(name, millis).with("file", file);
  }
}
