package dev.modelbake.oci;

import dev.modelbake.model.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The tags of models in a repository that holds several. */
public final class Tags {
  /** The tag of the list of all models. */
  public static final String INDEX = "modelbake-index";

  private static final int LONGEST = 128;
  private static final int SHORT_DIGEST = 8;

  private Tags() {}

  /**
   * The tag of each model: its name in lower case, {@code --} for a slash, {@code -} for another
   * character that no tag has; a short digest of the name is added where two would be the same.
   */
  public static Map<String, String> of(Collection<String> models) {
    Map<String, Integer> counts = new HashMap<>();
    counts.put(INDEX, 1);
    models.forEach(model -> counts.merge(plain(model), 1, Integer::sum));
    Map<String, String> tags = new LinkedHashMap<>();
    for (String model : models) {
      String plain = plain(model);
      boolean alone = counts.getOrDefault(plain, 0) == 1 && plain.length() <= LONGEST;
      tags.put(model, alone ? plain : distinct(plain, model));
    }
    return tags;
  }

  private static String plain(String model) {
    String tag = model.toLowerCase(Locale.ROOT).replace("/", "--").replaceAll("[^a-z0-9_.-]", "-");
    return tag.startsWith(".") || tag.startsWith("-") ? "_" + tag : tag;
  }

  private static String distinct(String plain, String model) {
    String digest = Digest.ofBytes(model.getBytes(StandardCharsets.UTF_8)).hex();
    String end = "-" + digest.substring(0, SHORT_DIGEST);
    return plain.substring(0, Math.min(plain.length(), LONGEST - end.length())) + end;
  }
}
