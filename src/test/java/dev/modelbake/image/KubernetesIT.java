package dev.modelbake.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.testing.CodeBlock;
import dev.modelbake.testing.Document;
import dev.modelbake.testing.Nginx;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.ShippedMirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The init container of docs/kubernetes.md, with the rights that it has there: its user, no
 * capability, a volume of its group, and everything else read-only.
 */
class KubernetesIT {
  /** $1 the work directory, $2 uid, $3 gid, $4 fsGroup, then the command. */
  private static final String POD =
      """
      work=$1; uid=$2; gid=$3; group=$4; shift 4
      mount -t tmpfs -o mode=755 tmpfs /opt
      mkdir /opt/models /opt/modelbake
      mount --bind "$work/tool" /opt/modelbake
      mount -t tmpfs -o mode=2777,gid=$group tmpfs /opt/models
      cp -a /etc "$work/etc"
      mkdir -p "$work/etc/modelbake"
      cp "$work/models.yaml" "$work/site.yaml" "$work/etc/modelbake"
      mount --bind "$work/etc" /etc
      mount -o remount,bind,ro /etc
      mount -o remount,ro /opt
      mount -t tmpfs -o ro tmpfs /tmp
      mount -o remount,bind,ro /
      cd /
      exec setpriv --reuid="$uid" --regid="$gid" --groups="$group" --no-new-privs \\
        --inh-caps=-all --bounding-set=-all env -i PATH="$PATH" "$@"
      """;

  @TempDir Path directory;

  private final Map<String, Object> objects = new HashMap<>();
  private Path work;

  @BeforeEach
  void read() throws IOException {
    Peers.require("nginx", "unshare", "setpriv");
    Peers.requireRoot();
    CodeBlock block =
        Document.read(Path.of("docs/kubernetes.md")).blocks().stream()
            .filter(one -> one.runBy().filter("KubernetesIT"::equals).isPresent())
            .findFirst()
            .orElseThrow();
    for (Object object : new Load(LoadSettings.builder().build()).loadAllFromString(block.text())) {
      objects.put((String) at(object, "kind"), object);
    }
    // Not below /tmp, which the pod sees empty.
    work = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "pod");
  }

  private static Object at(Object object, Object... path) {
    Object at = object;
    for (Object step : path) {
      at = step instanceof Integer i ? ((List<?>) at).get(i) : ((Map<?, ?>) at).get(step);
    }
    return at;
  }

  @Test
  void theInitContainerBakesWithoutRights() throws IOException {
    Object pod = at(objects.get("Deployment"), "spec", "template", "spec");
    Object rights = at(pod, "securityContext");
    List<String> command = new ArrayList<>(List.of("/opt/modelbake/bin/modelbake"));
    ((List<?>) at(pod, "initContainers", 0, "args")).forEach(word -> command.add((String) word));
    assertEquals(true, at(rights, "runAsNonRoot"));
    assertEquals("/opt/models", at(pod, "initContainers", 0, "volumeMounts", 0, "mountPath"));
    Files.writeString(
        work.resolve("models.yaml"), (String) at(objects.get("ConfigMap"), "data", "models.yaml"));
    Path program = Path.of("target/modelbake/bin/modelbake").toAbsolutePath();
    ShippedMirror.export(program, directory.resolve("mirror"));
    try (Nginx shipped = Nginx.serving(directory.resolve("mirror"))) {
      Files.writeString(work.resolve("site.yaml"), "mirrors: [%s]\n".formatted(shipped.url()));
      Program.of("cp", "-a", "target/modelbake", work.resolve("tool")).run().ok();
      String script =
          POD.replace("exec setpriv", "setpriv")
              + "cat /opt/models/SHA256SUMS; sha256sum --check --quiet /opt/models/SHA256SUMS;"
              + " stat -c '%u:%g %a' /opt/models/tessdata/eng.traineddata; ls -A /opt/models\n";
      Program.Ended ended =
          Program.of("unshare", "--mount", "sh", "-ec", script, "pod", work)
              .and(at(rights, "runAsUser"), at(rights, "runAsGroup"), at(rights, "fsGroup"))
              .and(command.toArray())
              .run()
              .ok();
      List<String> lines = ended.out().lines().toList();
      assertEquals("10001:10001 644", lines.get(1), ended::toString);
      assertEquals(List.of("SHA256SUMS", "tessdata"), lines.subList(2, lines.size()));
    } finally {
      Program.of("rm", "-rf", work).run().ok();
    }
  }
}
