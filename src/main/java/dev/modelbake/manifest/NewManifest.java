package dev.modelbake.manifest;

import dev.modelbake.model.HubRepository;
import dev.modelbake.model.SourceUrl;

/** Writes the entries of models that nobody has described yet; pinning fills in the rest. */
public final class NewManifest {
  private static final String HUB = "hf:";
  private static final YamlWords WORDS = new YamlWords(YamlWords.Style.YAML);

  private NewManifest() {}

  /** What every manifest begins with. */
  public static String head() {
    return "schema: %s\nmodels:\n".formatted(ManifestSection.SCHEMA);
  }

  /** Whether an argument names a repository of the hub, such as {@code hf:org/name@v1}. */
  public static boolean isHub(String argument) {
    return argument.startsWith(HUB);
  }

  /** The entry of a repository of the hub: {@code hf:[datasets/|spaces/]org/name[@revision]}. */
  public static String hub(String argument) {
    String name = argument.substring(HUB.length());
    int at = name.indexOf('@');
    String revision = at < 0 ? "main" : name.substring(at + 1);
    String id = at < 0 ? name : name.substring(0, at);
    String type = "";
    for (HubRepository.Kind kind : HubRepository.Kind.values()) {
      String prefix = kind.label() + "s/";
      if (id.startsWith(prefix)) {
        id = id.substring(prefix.length());
        type = "type: " + kind.label() + ", ";
      }
    }
    boolean commit = revision.matches("[0-9a-f]{40}");
    return """
          - name: %s
            huggingface: {repo: %s, %srevision: %s%s}
        """
        .formatted(
            WORDS.text(id),
            WORDS.text(id),
            type,
            WORDS.text(revision),
            commit ? "" : ", ref: " + WORDS.text(revision));
  }

  /** The entry of one file at a URL. */
  public static String url(SourceUrl url) {
    String stem = url.fileName().replaceFirst("\\..*", "").replaceAll("[^A-Za-z0-9._-]", "-");
    return """
          - name: %s
            dir: /opt/models
            files:
              - url: %s
        """
        .formatted(
            WORDS.text(stem.matches("[A-Za-z0-9_].*") ? stem : "model" + stem),
            WORDS.text(url.uri().toString()));
  }
}
