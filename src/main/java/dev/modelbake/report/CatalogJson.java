package dev.modelbake.report;

import dev.modelbake.catalog.CatalogEntry;
import dev.modelbake.json.Json;
import dev.modelbake.json.JsonArray;
import dev.modelbake.json.JsonObject;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Text;
import java.util.List;

/** The catalog for machines. */
public final class CatalogJson {
  private CatalogJson() {}

  /** All entries, in their order. */
  public static JsonArray of(List<CatalogEntry> entries) {
    return Json.array(entries.stream().map(CatalogJson::of).toList());
  }

  private static JsonObject of(CatalogEntry entry) {
    return Json.object()
        .with("name", entry.model().name())
        .withOptional("license", entry.model().license().map(Json::of))
        .withOptional("homepage", entry.model().homepage().map(Json::of))
        .withOptional("dir", entry.model().dir().map(Text::value).map(Json::of))
        .with("catalog", entry.digest().toString())
        .with("pinned", entry.pinned())
        .with("files", entry.model().files().stream().map(CatalogJson::of).toList());
  }

  private static JsonObject of(ModelFile file) {
    return Json.object()
        .with("path", file.path())
        .withOptional("download", file.pin().map(Forms::descriptor))
        .with("sources", file.sources().stream().map(Text::value).map(Json::of).toList());
  }
}
