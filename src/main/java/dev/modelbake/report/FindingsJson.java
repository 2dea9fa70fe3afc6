package dev.modelbake.report;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonObject;
import dev.modelbake.model.Finding;
import java.util.List;

/** What {@code verify} found, as JSON; {@code docs/verify.schema.json} describes it. */
public final class FindingsJson {
  private FindingsJson() {}

  /**
   * The document.
   *
   * @param proven the number of files that are right
   */
  public static JsonObject of(List<Finding> findings, int proven) {
    return Json.object()
        .with("schema", "modelbake-verify/1")
        .with("proven", proven)
        .with("findings", findings.stream().map(FindingsJson::finding).toList());
  }

  private static JsonObject finding(Finding finding) {
    JsonObject object = Json.object().with("path", finding.path());
    if (!finding.file().isEmpty()) {
      object = object.with("file", finding.file());
    }
    return object
        .with("finding", FindingsText.word(finding))
        .with("kind", Labels.of(finding.kind()))
        .with("what", finding.what());
  }
}
