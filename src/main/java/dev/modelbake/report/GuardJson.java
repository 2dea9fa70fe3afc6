package dev.modelbake.report;

import dev.modelbake.guard.Attempt;
import dev.modelbake.guard.GuardReport;
import dev.modelbake.guard.Layer;
import dev.modelbake.json.Json;
import dev.modelbake.json.JsonObject;
import java.util.List;

/** What a guarded command did, as JSON; {@code docs/guard.schema.json} describes it. */
public final class GuardJson {
  private GuardJson() {}

  /** The document. */
  public static JsonObject of(GuardReport report) {
    return Json.object()
        .with("schema", "modelbake-guard/1")
        .with("command", texts(report.command()))
        .with("exit", report.exit())
        .withOptional("fault", report.fault().map(Json::of))
        .with("worth", Labels.of(report.worth()))
        .with("refused", report.refused().stream().mapToLong(Attempt::count).sum())
        .with("attempts", report.attempts().stream().map(GuardJson::attempt).toList())
        .with("layers", report.layers().stream().map(GuardJson::layer).toList())
        .with("unseen", texts(report.unseen()))
        .with("ended", texts(report.ended()));
  }

  private static List<Json> texts(List<String> texts) {
    return texts.stream().<Json>map(Json::of).toList();
  }

  private static JsonObject attempt(Attempt attempt) {
    JsonObject object = Json.object().with("host", attempt.host());
    if (attempt.port() != 0) {
      object = object.with("port", attempt.port());
    }
    object =
        object
            .with("verdict", Labels.of(attempt.verdict()))
            .with(
                "seen", attempt.seen().stream().<Json>map(one -> Json.of(Labels.of(one))).toList())
            .with("count", attempt.count())
            .withOptional("url", attempt.url().map(Json::of))
            .withOptional("program", attempt.program().map(Json::of));
    if (attempt.caller().isPresent()) {
      Attempt.Caller caller = attempt.caller().get();
      object =
          object.with(
              "caller",
              Json.object()
                  .with("file", caller.file())
                  .with("line", caller.line())
                  .with("function", caller.function())
                  .withOptional("through", caller.through().map(Json::of))
                  .with("stack", texts(caller.stack())));
    }
    return object;
  }

  private static JsonObject layer(Layer layer) {
    return Json.object()
        .with("layer", Labels.of(layer.kind()))
        .with("state", Labels.of(layer.state()))
        .with("says", layer.says());
  }
}
