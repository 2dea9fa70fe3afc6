package dev.modelbake.report;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonArray;
import dev.modelbake.json.JsonObject;
import dev.modelbake.model.Receipt;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A receipt as JSON; {@code docs/receipt.schema.json} describes it. It goes into the image, so it
 * holds no time, host or version: the same files give the same bytes.
 */
public final class ReceiptJson {
  static final String SCHEMA = "modelbake-receipt/1";

  private ReceiptJson() {}

  /** The document. */
  public static JsonObject of(Receipt receipt) {
    return Json.object()
        .with("schema", SCHEMA)
        .with("files", files(receipt))
        .withOptional("links", list(links(receipt)))
        .withOptional("directories", list(directories(receipt)));
  }

  /** A list that is left out when nothing is in it. */
  private static Optional<Json> list(List<JsonObject> objects) {
    return objects.isEmpty() ? Optional.empty() : Optional.of(new JsonArray(List.copyOf(objects)));
  }

  private static List<JsonObject> links(Receipt receipt) {
    return receipt.links().stream()
        .sorted(Comparator.comparing(Receipt.Link::path))
        .map(
            link ->
                Json.object()
                    .with("path", link.path())
                    .with("file", link.file())
                    .with("target", link.target())
                    .with("uid", link.owner().uid())
                    .with("gid", link.owner().gid()))
        .toList();
  }

  private static List<JsonObject> directories(Receipt receipt) {
    return receipt.directories().stream()
        .sorted(Comparator.comparing(Receipt.Directory::path))
        .map(
            directory ->
                Json.object()
                    .with("path", directory.path())
                    .with("name", directory.name())
                    .with("uid", directory.owner().uid())
                    .with("gid", directory.owner().gid())
                    .with("mode", directory.mode().toString()))
        .toList();
  }

  static List<JsonObject> files(Receipt receipt) {
    return receipt.entries().stream()
        .sorted(Comparator.comparing(Receipt.Entry::path))
        .map(ReceiptJson::entry)
        .toList();
  }

  private static JsonObject entry(Receipt.Entry entry) {
    return Json.object()
        .with("path", entry.path())
        .with("file", entry.file())
        .with("digest", entry.digest().toString())
        .with("size", entry.size())
        .with("uid", entry.owner().uid())
        .with("gid", entry.owner().gid())
        .with("mode", entry.mode().toString());
  }
}
