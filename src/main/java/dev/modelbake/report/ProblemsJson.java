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
    return Json.object()
        .with("schema", "modelbake-problems/1")
        .with("errors", count(problems, Severity.ERROR))
        .with("warnings", count(problems, Severity.WARNING))
        .with("notes", count(problems, Severity.NOTE))
        .with("problems", Forms.problems(problems));
  }

  private static long count(List<Problem> problems, Severity severity) {
    return problems.stream().filter(one -> one.severity() == severity).count();
  }
}
