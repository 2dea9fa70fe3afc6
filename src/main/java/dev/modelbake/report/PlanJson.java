package dev.modelbake.report;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonArray;
import dev.modelbake.json.JsonObject;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.TreePin;
import java.util.List;
import java.util.Optional;

/** A plan as JSON; {@code docs/plan.schema.json} describes it. */
public final class PlanJson {
  private PlanJson() {}

  /** The document. */
  public static JsonObject of(Plan plan) {
    return Json.object()
        .with("schema", "modelbake-plan/1")
        .with("root", plan.root().toString())
        .with("inputDigest", plan.inputDigest().toString())
        .with("outputs", plan.outputs().stream().map(path -> Json.of(path.toString())).toList())
        .with("files", plan.files().stream().map(PlanJson::file).toList())
        .with("directories", plan.directories().stream().map(PlanJson::directory).toList())
        .with("disks", plan.disks().stream().map(PlanJson::disk).toList())
        .with("notices", Forms.problems(plan.notices()));
  }

  private static JsonObject file(PlannedFile file) {
    return Json.object()
        .with("name", file.name())
        .with("model", file.model())
        .with("at", Forms.location(file.at()))
        .with("state", Labels.of(file.state()))
        .with("target", target(file.target()))
        .withOptional("pin", file.pin().map(Forms::descriptor))
        .with("unpack", unpacking(file.unpacking()))
        .with("candidates", candidates(file.candidates()))
        .withOptional("parts", parts(file.origin()))
        .withOptional("text", text(file.origin()));
  }

  private static List<JsonObject> candidates(List<Candidate> candidates) {
    return candidates.stream().map(PlanJson::candidate).toList();
  }

  private static Optional<Json> parts(Origin origin) {
    return origin instanceof Origin.Parts parts
        ? Optional.of(new JsonArray(parts.parts().stream().<Json>map(PlanJson::part).toList()))
        : Optional.empty();
  }

  private static JsonObject part(Origin.Part part) {
    return Json.object()
        .with("name", part.name())
        .withOptional("pin", part.pin().map(Forms::descriptor))
        .with("candidates", candidates(part.candidates()));
  }

  private static Optional<Json> text(Origin origin) {
    return origin instanceof Origin.Literal literal
        ? Optional.of(Json.of(literal.text()))
        : Optional.empty();
  }

  private static JsonObject directory(PlannedDirectory directory) {
    return Json.object()
        .with("name", directory.name())
        .with("model", directory.model())
        .with("at", Forms.location(directory.at()))
        .with("state", Labels.of(directory.state()))
        .with("target", target(directory.target()));
  }

  private static JsonObject candidate(Candidate candidate) {
    boolean plain = candidate.url().scheme().equals("http");
    return Forms.candidate(candidate).with("plainHttp", Json.of(plain));
  }

  private static JsonObject target(Target target) {
    if (target instanceof Target.Resolved resolved) {
      return Json.object()
          .with("path", resolved.path().toString())
          .with("uid", resolved.owner().uid())
          .with("gid", resolved.owner().gid())
          .with("mode", resolved.mode().toString())
          .with("dirMode", resolved.dirMode().toString())
          .withOptional("cache", resolved.cache().map(PlanJson::cache));
    }
    Target.Unresolved unresolved = (Target.Unresolved) target;
    return Json.object()
        .with("text", unresolved.text())
        .with("kind", Labels.of(unresolved.kind()))
        .with("reason", Forms.problem(unresolved.reason()));
  }

  private static JsonObject cache(Target.Cache cache) {
    return Json.object()
        .with("repository", cache.repository().toString())
        .with("blobName", Labels.of(cache.blobName()));
  }

  private static JsonObject unpacking(Unpacking unpacking) {
    if (unpacking instanceof Unpacking.Stream stream) {
      return Json.object()
          .with("kind", "stream")
          .with("format", Labels.of(stream.compression()))
          .withOptional("output", stream.output().map(Forms::descriptor));
    }
    if (unpacking instanceof Unpacking.Tree tree) {
      return Json.object()
          .with("kind", "tree")
          .with("format", format(tree.archive()))
          .with("strip", tree.strip())
          .with("include", tree.include().stream().map(Json::of).toList())
          .with("links", Labels.of(tree.links()))
          .with("proof", proof(tree.pin()));
    }
    return Json.object().with("kind", "none");
  }

  /** The name the manifest has for it, such as {@code tar.gz}. */
  static String format(Unpacking.Archive archive) {
    String container = Labels.of(archive.container());
    return archive.compression() == Compression.NONE
        ? container
        : container + "." + Labels.of(archive.compression());
  }

  private static JsonObject proof(TreePin pin) {
    if (pin instanceof TreePin.Members members) {
      return Json.object()
          .with("kind", "members")
          .with(
              "members",
              members.members().stream()
                  .map(
                      member ->
                          Json.object()
                              .with("path", member.path())
                              .with("pin", Forms.descriptor(member.descriptor())))
                  .toList());
    }
    if (pin instanceof TreePin.Whole whole) {
      JsonObject object =
          Json.object().with("kind", "tree").with("digest", whole.digest().toString());
      if (whole.files().isPresent()) {
        object = object.with("files", whole.files().getAsInt());
      }
      return whole.size().isPresent() ? object.with("size", whole.size().getAsLong()) : object;
    }
    return Json.object().with("kind", "archive");
  }

  private static JsonObject disk(Plan.DiskNeed disk) {
    return Json.object()
        .with("directory", disk.directory().toString())
        .with("needed", disk.needed())
        .with("free", disk.free())
        .with("fits", Json.of(disk.fits()));
  }
}
