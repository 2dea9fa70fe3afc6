package dev.modelbake.report;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonObject;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Problem.Severity;
import java.util.List;

/** Problems of manifests as JSON; {@code docs/problems.schema.json} describes it. */
public final class ProblemsJson {
  private ProblemsJson() {}

  /** The document. */
  public static JsonObject of(List<Problem> problems) {
    long errors = problems.stream().filter(one -> one.severity() == Severity.ERROR).count();
    return Json.object()
        .with("schema", "modelbake-problems/1")
        .with("errors", errors)
        .with("warnings", problems.size() - errors)
        .with("problems", Forms.problems(problems));
  }
}
