package dev.modelbake.report;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonObject;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.BakeReport.FileReport;
import dev.modelbake.model.FailureKind;

/** What happened in a run, as JSON; {@code docs/report.schema.json} describes it. */
public final class ReportJson {
  private ReportJson() {}

  /** The document. */
  public static JsonObject of(BakeReport report) {
    return Json.object()
        .with("schema", "modelbake-report/1")
        .with("started", report.started().toString())
        .with("tookMs", report.took().toMillis())
        .with("outcome", report.failure().isPresent() ? "failed" : "baked")
        .withOptional(
            "failure", report.failure().map((FailureKind kind) -> Json.of(Labels.of(kind))))
        .with("received", report.files().stream().mapToLong(FileReport::received).sum())
        .with("files", report.files().stream().map(ReportJson::file).toList())
        .with("published", ReceiptJson.files(report.receipt()))
        .with("notices", Forms.problems(report.notices()));
  }

  private static JsonObject file(FileReport file) {
    return Json.object()
        .with("name", file.name())
        .with("outcome", Labels.of(file.outcome()))
        .withOptional("source", file.source().map(Forms::candidate))
        .with("received", file.received())
        .with("tookMs", file.took().toMillis())
        .with("failures", file.failures().stream().map(Forms::failure).toList())
        .withOptional("error", file.error().map(Json::of));
  }
}
