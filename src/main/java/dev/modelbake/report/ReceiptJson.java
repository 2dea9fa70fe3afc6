package dev.modelbake.report;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonObject;
import dev.modelbake.model.Receipt;
import java.util.Comparator;
import java.util.List;

/**
 * A receipt as JSON; {@code docs/receipt.schema.json} describes it. It goes into the image, so it
 * holds no time, host or version: the same files give the same bytes.
 */
public final class ReceiptJson {
  static final String SCHEMA = "modelbake-receipt/1";

  private ReceiptJson() {}

  /** The document. */
  public static JsonObject of(Receipt receipt) {
    return Json.object().with("schema", SCHEMA).with("files", files(receipt));
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
        .with("mode", entry.mode().toString())
        .withOptional("link", entry.link().map(Json::of));
  }
}
