package dev.modelbake.report;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonObject;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.CandidateFailure;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.Location;
import dev.modelbake.model.Problem;
import java.util.List;

/** The JSON of the values that several documents share. */
final class Forms {
  private Forms() {}

  static JsonObject location(Location at) {
    JsonObject object = Json.object().with("source", at.source());
    return at.line() == 0 ? object : object.with("line", at.line()).with("column", at.column());
  }

  static JsonObject problem(Problem problem) {
    return Json.object()
        .with("at", location(problem.at()))
        .with("severity", Labels.of(problem.severity()))
        .with("rule", problem.rule())
        .with("what", problem.what())
        .with("remedy", problem.remedy());
  }

  static List<JsonObject> problems(List<Problem> problems) {
    return problems.stream().map(Forms::problem).toList();
  }

  static JsonObject descriptor(Descriptor descriptor) {
    JsonObject object = Json.object().with("digest", descriptor.digest().toString());
    if (descriptor.size().isPresent()) {
      object = object.with("size", descriptor.size().getAsLong());
    }
    List<Json> others =
        descriptor.others().stream().sorted().map(Digest::toString).<Json>map(Json::of).toList();
    return others.isEmpty() ? object : object.with("others", others);
  }

  /** The URL is written without its query, which may hold a secret. */
  static JsonObject candidate(Candidate candidate) {
    return Json.object()
        .with("url", candidate.url().toString())
        .with("role", Labels.of(candidate.role()))
        .with("form", Labels.of(candidate.form()));
  }

  static JsonObject failure(CandidateFailure failure) {
    return candidate(failure.candidate())
        .with("kind", Labels.of(failure.kind()))
        .with("what", failure.what())
        .withOptional("actual", failure.actual().map(Digest::toString).map(Json::of));
  }
}
