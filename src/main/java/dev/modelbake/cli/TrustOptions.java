package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import java.util.List;
import picocli.CommandLine.Option;

/** Whose signatures are asked for. */
final class TrustOptions {
  @Option(
      names = "--trusted-key",
      paramLabel = "KEY",
      description =
          "Demand a signature by this key: minisign's public key, its file, or a PEM file with a"
              + " P-256 or P-384 key. Repeatable: one of them suffices.")
  private List<String> keys = List.of();

  @Option(
      names = "--min-counter",
      paramLabel = "N",
      description = "Refuse a signature, or an index, with a lower counter: it is an old one.")
  private long counter;

  ModelBake apply(ModelBake bake) {
    return bake.trustedKey(keys.toArray(String[]::new)).minCounter(counter);
  }

  /** The keys, for what must not lie where the signed files do. */
  List<String> keys() {
    return keys;
  }
}
