package dev.modelbake.model;

import java.util.Locale;
import java.util.Optional;

/** Formats of model files that somebody may want to refuse, told from names alone. */
public enum FileFormat {
  /** Python's pickle, alone or in a zip as PyTorch has it: loading it may run any code. */
  PICKLE("pickle", "pt|pt2|pth|bin|ckpt|pkl|pickle|joblib|dill|sav|nemo|mar|pdparams");

  private static final String PACKED = "(\\.(tar|gz|bz2|xz|zst|zip))*";

  private final String label;
  private final String endings;

  FileFormat(String label, String endings) {
    this.label = label;
    this.endings = endings;
  }

  /** The name as a policy has it. */
  public String label() {
    return label;
  }

  /** The format of a file, when it is one of these. */
  public static Optional<FileFormat> of(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    for (FileFormat format : values()) {
      if (name.matches("(?s).*\\.(" + format.endings + ")" + PACKED)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
