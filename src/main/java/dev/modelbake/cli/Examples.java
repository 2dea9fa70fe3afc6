package dev.modelbake.cli;

import java.util.List;
import java.util.Map;

/**
 * What the help of each command shows under "Examples"; a test reads every line as a shell does.
 */
final class Examples {
  private static final Map<String, List<String>> OF =
      Map.ofEntries(
          Map.entry(
              "modelbake",
              List.of(
                  "modelbake demo",
                  "modelbake catalog list face",
                  "modelbake pin catalog:rembg/u2netp -o models.yaml",
                  "modelbake bake --owner appuser models.yaml")),
          Map.entry(
              "modelbake bake",
              List.of(
                  "modelbake bake",
                  "modelbake bake --owner appuser --store /var/cache/modelbake models.yaml",
                  "modelbake bake catalog:rembg/u2netp --dir 'rembg/*=/opt/models'",
                  "modelbake bake --mirror file:/mnt/usb/models --only-mirrors models.yaml")),
          Map.entry(
              "modelbake plan",
              List.of(
                  "modelbake plan",
                  "modelbake plan -v --only 'rembg/*' models.yaml",
                  "modelbake plan --root rootfs --owner appuser --json models.yaml")),
          Map.entry(
              "modelbake verify",
              List.of(
                  "modelbake verify models.yaml",
                  "modelbake verify --as 1000 --sums SHA256SUMS models.yaml",
                  "modelbake verify --receipt receipt.json --strict")),
          Map.entry(
              "modelbake pin",
              List.of(
                  "modelbake pin models.yaml",
                  "modelbake pin --check models.yaml",
                  "modelbake pin https://files.example/segmenter.onnx",
                  "modelbake pin hf:sentence-transformers/all-MiniLM-L6-v2 -o models.yaml")),
          Map.entry(
              "modelbake lint",
              List.of("modelbake lint", "modelbake lint --strict --json models.yaml")),
          Map.entry(
              "modelbake catalog",
              List.of("modelbake catalog list", "modelbake catalog show rembg/u2netp")),
          Map.entry(
              "modelbake catalog list",
              List.of(
                  "modelbake catalog list",
                  "modelbake catalog list landmarks",
                  "modelbake catalog list --all --json")),
          Map.entry(
              "modelbake catalog show",
              List.of(
                  "modelbake catalog show rembg/u2netp",
                  "modelbake catalog show 'dlib/*' --manifest > models.yaml")),
          Map.entry(
              "modelbake env",
              List.of(
                  "modelbake env --owner appuser models.yaml",
                  "modelbake env --format sh models.yaml > models.env")),
          Map.entry(
              "modelbake dockerfile",
              List.of(
                  "modelbake dockerfile models.yaml",
                  "modelbake dockerfile --form staged --owner 1000 models.yaml")),
          Map.entry(
              "modelbake guard",
              List.of(
                  "modelbake guard -- python3 -m app --selftest",
                  "modelbake guard --allow licences.example --report guard.json -- ./start.sh")),
          Map.entry(
              "modelbake record",
              List.of(
                  "modelbake record -- python3 warm_up.py",
                  "modelbake record -o models.yaml --prove -- python3 warm_up.py")),
          Map.entry("modelbake demo", List.of("modelbake demo", "modelbake demo --keep models -v")),
          Map.entry("modelbake schema", List.of("modelbake schema > manifest.schema.json")),
          Map.entry(
              "modelbake completion",
              List.of(
                  "source <(modelbake completion bash)",
                  "modelbake completion bash > /etc/bash_completion.d/modelbake")),
          Map.entry(
              "modelbake mirror",
              List.of(
                  "modelbake mirror export /mnt/usb/models models.yaml",
                  "modelbake mirror import /mnt/usb/models /srv/models")),
          Map.entry(
              "modelbake mirror export",
              List.of(
                  "modelbake mirror export /mnt/usb/models models.yaml",
                  "modelbake mirror export --with-tool /mnt/usb/models models.yaml",
                  "minisign -Sm DIR/modelbake-index.json -t 'name:NAME counter:N'")),
          Map.entry(
              "modelbake mirror import",
              List.of(
                  "modelbake mirror import /mnt/usb/models /srv/models",
                  "modelbake mirror import --trusted-key site.pub /mnt/usb/models /srv/models")),
          Map.entry(
              "modelbake mirror verify",
              List.of(
                  "modelbake mirror verify /srv/models",
                  "modelbake mirror verify --trusted-key site.pub https://mirror.example/models")),
          Map.entry(
              "modelbake mirror push",
              List.of("modelbake mirror push /srv/models oci://registry.example/project/models")),
          Map.entry(
              "modelbake mirror pull",
              List.of("modelbake mirror pull oci://registry.example/project/models /srv/models")),
          Map.entry(
              "modelbake gc",
              List.of(
                  "modelbake gc --dry-run /var/cache/modelbake models.yaml",
                  "modelbake gc /var/cache/modelbake app/models.yaml jobs/models.yaml")));

  private Examples() {}

  /** The lines for a command, given with the names of those above it. */
  static List<String> of(String command) {
    return OF.getOrDefault(command, List.of());
  }
}
