package dev.modelbake.plan;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a library looks when its variable is not set, in the manifest's own syntax. Read in the
 * libraries' sources; a variable that only feeds others ({@code XDG_DATA_HOME}) is not in the list.
 */
public final class LibraryDefaults {
  private static final Map<String, String> TEMPLATES =
      Map.ofEntries(
          Map.entry("HF_HOME", "${XDG_CACHE_HOME:-~/.cache}/huggingface"),
          Map.entry("HF_HUB_CACHE", "${HUGGINGFACE_HUB_CACHE:-${HF_HOME}/hub}"),
          Map.entry("TORCH_HOME", "${XDG_CACHE_HOME:-~/.cache}/torch"),
          Map.entry("XDG_CACHE_HOME", "~/.cache"),
          Map.entry("DOCLING_ARTIFACTS_PATH", "~/.cache/docling/models"),
          Map.entry("U2NET_HOME", "${XDG_DATA_HOME:-~}/.u2net"),
          Map.entry("EASYOCR_MODULE_PATH", "${MODULE_PATH:-~/.EasyOCR}"),
          Map.entry("KERAS_HOME", "~/.keras"),
          Map.entry("TIKTOKEN_CACHE_DIR", "${DATA_GYM_CACHE_DIR:-/tmp/data-gym-cache}"),
          Map.entry("DEEPFACE_HOME", "~"),
          Map.entry("PADDLE_PDX_CACHE_HOME", "~/.paddlex"),
          Map.entry("FVCORE_CACHE", "~/.torch/iopath_cache"),
          Map.entry("NLTK_DATA", "~/nltk_data"));

  private LibraryDefaults() {}

  static Optional<String> of(String name) {
    return Optional.ofNullable(TEMPLATES.get(name));
  }

  /** The variables that libraries read. */
  public static Set<String> names() {
    return TEMPLATES.keySet();
  }
}
