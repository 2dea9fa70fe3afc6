package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.mirror.MirrorIndex;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.UsageException;
import dev.modelbake.report.Amounts;
import dev.modelbake.report.Labels;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** What the commands about mirrors have in common. */
final class MirrorRun {
  @Mixin private final AccessOptions access = new AccessOptions();
  @Mixin private final TrustOptions trust = new TrustOptions();
  @Mixin private final TransferOptions transfer = new TransferOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  /** Runs one call of the library under progress and signals. */
  <T> T run(Session session, Purpose purpose, Function<ModelBake, T> call) {
    ModelBake bake = ModelBake.manifests(List.of()).environment(session.environment());
    bake = transfer.apply(trust.apply(access.apply(session, bake)));
    try (Interruption guard = Interruption.guard(session);
        Progress progress = output.progress(session, purpose)) {
      guard.watch();
      return call.apply(bake.listener(progress));
    }
  }

  /** A key on the medium proves nothing: whoever changed the files could change it too. */
  void refuseKeysBelow(Path medium) {
    for (String key : trust.keys()) {
      if (isBelow(key, medium)) {
        throw new UsageException(
            "reading --trusted-key",
            "the key %s lies in the mirror that it is to prove".formatted(key),
            "get the key another way, once, and keep it on this side");
      }
    }
  }

  private static boolean isBelow(String key, Path medium) {
    try {
      return Path.of(key).toRealPath().startsWith(medium.toRealPath());
    } catch (IOException | InvalidPathException e) {
      return false; // no file, or no mirror: told by whoever reads it
    }
  }

  /** Tells people how it went. */
  void tell(Session session, String line) {
    output.tell(session, line);
  }

  /** A place as it may be printed: a URL without its query. */
  static String shown(String place) {
    return Labels.text(SourceUrl.shown(place));
  }

  /** One line about a mirror. */
  static String told(MirrorIndex index) {
    return "mirror %s, counter %d: %s, %s, %s"
        .formatted(
            Labels.text(index.name()),
            index.counter(),
            Amounts.count(index.models().size(), "model"),
            Amounts.count(index.blobs().size(), "blob"),
            Amounts.size(index.size()));
  }
}
