package dev.modelbake.plan;

import static dev.modelbake.plan.Manifests.HEX_A;
import static dev.modelbake.plan.Manifests.HEX_B;
import static dev.modelbake.plan.Manifests.file;
import static dev.modelbake.plan.Manifests.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Candidate;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.HostRules;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.UsageException;
import dev.modelbake.plan.PlanOptions.Reach;
import dev.modelbake.plan.PlanOptions.Rewrite;
import dev.modelbake.plan.PlanOptions.Selection;
import dev.modelbake.plan.PlanOptions.Sources;
import dev.modelbake.testing.FaultCase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {
  private static final String URL = "https://origin.example/m/a.onnx?token=x";

  private static Plan plan(Manifests manifests) {
    return plan(manifests, PlanOptions.DEFAULT, Map.of());
  }

  private static Plan plan(Manifests manifests, PlanOptions options, Map<String, String> env) {
    return new Planner(options, Manifests.surroundings(env)).plan(manifests.list());
  }

  private static PlanOptions sources(Sources sources) {
    return new PlanOptions(
        Path.of("/"),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Map.of(),
        Selection.ALL,
        sources);
  }

  private static PlanOptions selection(Selection selection) {
    return new PlanOptions(
        Path.of("/"),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Map.of(),
        selection,
        Sources.ALL);
  }

  private static Target.Resolved resolved(Plan plan) {
    return (Target.Resolved) plan.files().get(0).target();
  }

  private static Target.Unresolved unresolved(Plan plan) {
    return (Target.Unresolved) plan.files().get(0).target();
  }

  private static List<String> urls(Plan plan) {
    return plan.files().get(0).candidates().stream().map(c -> c.url().uri().toString()).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "/opt/m, appuser, /opt/m/a.onnx, 1000:1001",
    "~/.u2net, appuser, /home/appuser/.u2net/a.onnx, 1000:1001",
    "${HOME}/x, appuser:models, /home/appuser/x/a.onnx, 1000:2000",
    "${U2NET_HOME}, 1000, /home/appuser/.u2net/a.onnx, 1000:1001",
    "${TORCH_HOME}/hub/checkpoints, 1000:7, /home/appuser/.cache/torch/hub/checkpoints/a.onnx, 1000:7",
    "${HF_HUB_CACHE}, self, /root/.cache/huggingface/hub/a.onnx, 0:0",
    "${NOWHERE:-/srv/${ALSO_NOT:-deep}}, 4242:0, /srv/deep/a.onnx, 4242:0",
    "/opt/m/, 4242, /opt/m/a.onnx, 4242:4242"
  })
  void resolvesDirectoryAndOwner(String dir, String owner, String path, String ids) {
    Plan plan = plan(new Manifests().owner(owner).model("m", dir, file("a.onnx", HEX_A, URL)));
    assertEquals(Path.of(path), resolved(plan).path());
    assertEquals(ids, resolved(plan).owner().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, appuser, true",
    "Mac OS X, self, true",
    "Mac OS X, appuser, false",
    "Windows 11, self, true",
    "Windows 11, 1000:1000, false"
  })
  void elsewhereThanOnLinuxOnlyTheRunningUserCanBeTheOwner(
      String system, String owner, boolean possible) {
    Surroundings linux = Manifests.surroundings(Map.of());
    Surroundings here =
        new Surroundings(
            Map.of(),
            linux.accounts(),
            new Owner(501, 20),
            Optional.of("/Users/me"),
            PythonPackages.NONE,
            Surroundings.Owning.of(system));
    List<Manifest> manifests =
        new Manifests().owner(owner).model("m", "/opt/m", file("a", HEX_A, URL)).list();
    Plan plan = new Planner(PlanOptions.DEFAULT, here).plan(manifests);
    if (possible) {
      Owner expected = owner.equals("self") ? new Owner(501, 20) : new Owner(1000, 1001);
      assertEquals(expected, resolved(plan).owner());
    } else {
      Target.Unresolved target = unresolved(plan);
      assertEquals("owner-elsewhere", target.reason().rule());
      assertEquals(FailureKind.CANNOT_CREATE, target.kind());
      assertTrue(target.reason().remedy().contains("--owner self"), target.reason().remedy());
    }
  }

  @Test
  void aVariableOfTheManifestWinsOverTheLibrarysDefault() {
    Manifests manifests =
        new Manifests()
            .env("HF_HOME", "/opt/hf")
            .model("m", "${HF_HUB_CACHE}", file("a.onnx", HEX_A, URL));
    assertEquals(Path.of("/opt/hf/hub/a.onnx"), resolved(plan(manifests)).path());
  }

  @Test
  void theEnvironmentFillsWhatTheManifestLeavesOpenButNotBelowAnotherRoot() {
    Manifests manifests =
        new Manifests().owner("appuser").model("m", "${U2NET_HOME}", file("a", HEX_A, URL));
    Map<String, String> env = Map.of("U2NET_HOME", "/env/u2net");
    assertEquals(
        Path.of("/env/u2net/a"), resolved(plan(manifests, PlanOptions.DEFAULT, env)).path());
    PlanOptions below =
        new PlanOptions(
            Path.of("/image"),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of(),
            Selection.ALL,
            Sources.ALL);
    assertEquals(Path.of("/home/appuser/.u2net/a"), resolved(plan(manifests, below, env)).path());
  }

  @Test
  void aVariableSetDifferentlyInManifestAndEnvironmentIsNamed() {
    Manifests manifests =
        new Manifests().env("HF_HOME", "/opt/hf").model("m", "${HF_HOME}", file("a", HEX_A, URL));
    Target.Unresolved target =
        unresolved(plan(manifests, PlanOptions.DEFAULT, Map.of("HF_HOME", "/elsewhere")));
    assertEquals("variable-differs", target.reason().rule());
    assertEquals(FailureKind.CONFIGURATION, target.kind());
    // the same directory written with a slash at its end is no difference
    assertEquals(
        Path.of("/opt/hf/a"),
        resolved(plan(manifests, PlanOptions.DEFAULT, Map.of("HF_HOME", "/opt/hf/"))).path());
  }

  @ParameterizedTest
  @CsvSource({
    "${U2NET_HOM}, self, variable-unset, CONFIGURATION, U2NET_HOME",
    "models, self, relative-dir, CONFIGURATION, absolute",
    "${A}, self, variable-cycle, CONFIGURATION, cycle",
    "~/x, 4242, home-unknown, CONFIGURATION, useradd",
    "/${D11}, self, variable-too-long, CONFIGURATION, 4096",
    "/x${E16}, self, variable-unset, CONFIGURATION, EMPTY",
    "/opt, appusr, owner-unknown, CANNOT_CREATE, did you mean appuser",
    "/opt, appuser:nogroup, owner-unknown, CANNOT_CREATE, /etc/group",
    "/opt, 9999999999, owner-range, CONFIGURATION, 4294967294"
  })
  @FaultCase(132)
  void saysWhyATargetCannotBeTold(
      String dir, String owner, String rule, FailureKind kind, String mention) {
    Manifests manifests =
        new Manifests().owner(owner).env("A", "${B}").env("B", "${A}").env("D0", "0123456789");
    for (int i = 1; i <= 11; i++) {
      manifests.env("D" + i, ("${D" + (i - 1) + "}").repeat(10)); // 10 to the 12th in all
    }
    manifests.env("E0", "${EMPTY:-}");
    for (int i = 1; i <= 15; i++) {
      manifests.env("E" + i, ("${E" + (i - 1) + ":-}").repeat(10));
    }
    manifests.env("E16", "${EMPTY}");
    manifests.model("m", dir + "${E13:-}", file("a", HEX_A, URL));
    Target.Unresolved target = unresolved(plan(manifests));
    assertEquals(rule, target.reason().rule());
    assertEquals(kind, target.kind());
    assertTrue(target.reason().toString().contains(mention), target.reason().toString());
  }

  @Test
  void candidatesComeInTheOrderOfTheDesign() {
    Manifests manifests =
        new Manifests()
            .model(
                "lib/m",
                "/opt",
                file("d/a b.onnx", HEX_A, "http://one.example/a", "https://two.example/{hex}"));
    manifests.mirrors.add(text("https://three.example/{algorithm}/{hex}/{name}/{path}"));
    manifests.mirrors.add(text("https://four.example/base/"));
    manifests.mirrors.add(text("oci://five.example/x"));
    Plan plan =
        plan(
            manifests,
            sources(
                new Sources(
                    List.of("https://site.example"), Reach.EVERYWHERE, List.of(), HostRules.ANY)),
            Map.of());
    assertEquals(
        List.of(
            "https://site.example/blobs/sha256/" + HEX_A,
            "http://one.example/a",
            "https://two.example/" + HEX_A,
            "https://three.example/sha256/" + HEX_A + "/lib/m/d/a%20b.onnx",
            "https://four.example/base/blobs/sha256/" + HEX_A,
            "oci://five.example/x@sha256:" + HEX_A),
        urls(plan));
    assertEquals(
        List.of(
            Candidate.Role.SITE_MIRROR,
            Candidate.Role.ORIGIN,
            Candidate.Role.MIRROR,
            Candidate.Role.MIRROR,
            Candidate.Role.MIRROR,
            Candidate.Role.MIRROR),
        plan.files().get(0).candidates().stream().map(Candidate::role).toList());
    assertEquals("oci-mirror", plan.notices().get(0).rule());
  }

  @Test
  void mirrorsOfTheUnpackedBytesComeLast() {
    Unpacking unpacking =
        new Unpacking.Stream(
            Compression.BZ2,
            Optional.of(Descriptor.of(Digest.sha256(HEX_B), 20)),
            List.of(text("https://plain.example/{hex}")),
            Unpacking.Limits.DEFAULT);
    Plan plan = plan(new Manifests().model("m", "/opt", file("a", HEX_A, unpacking, URL)));
    List<Candidate> candidates = plan.files().get(0).candidates();
    assertEquals(Candidate.Form.UNPACKED, candidates.get(1).form());
    assertEquals("https://plain.example/" + HEX_B, candidates.get(1).url().uri().toString());
  }

  @Test
  void onlyMirrorsOfflineAndRewriteChangeTheCandidates() {
    Manifests manifests =
        new Manifests().model("m", "/opt", file("a", HEX_A, URL, "file:///srv/a"));
    List<String> mirror = List.of("file:///mnt/usb");
    assertEquals(
        List.of("file:///mnt/usb/blobs/sha256/" + HEX_A),
        urls(
            plan(
                manifests,
                sources(new Sources(mirror, Reach.ONLY_MIRRORS, List.of(), HostRules.ANY)),
                Map.of())));
    assertEquals(
        List.of("file:///srv/a"),
        urls(
            plan(
                manifests,
                sources(new Sources(List.of(), Reach.OFFLINE, List.of(), HostRules.ANY)),
                Map.of())));
    Rewrite rewrite = new Rewrite("https://origin.example/", "https://proxy.example/o/");
    assertEquals(
        "https://proxy.example/o/m/a.onnx?token=x",
        urls(plan(
                manifests,
                sources(new Sources(List.of(), Reach.EVERYWHERE, List.of(rewrite), HostRules.ANY)),
                Map.of()))
            .get(0));
    assertThrows(
        UsageException.class,
        () ->
            plan(
                manifests,
                sources(new Sources(List.of(), Reach.ONLY_MIRRORS, List.of(), HostRules.ANY)),
                Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/mnt/usb",
        "ftp://site.example",
        "https://user:canary@site.example",
        "https://a b"
      })
  void aMirrorThatIsNoUrlIsAnErrorOfTheCommandLine(String mirror) {
    Manifests manifests = new Manifests().model("m", "/opt", file("a", HEX_A, URL));
    Sources wrong = new Sources(List.of(mirror), Reach.EVERYWHERE, List.of(), HostRules.ANY);
    UsageException failure =
        assertThrows(UsageException.class, () -> plan(manifests, sources(wrong), Map.of()));
    assertTrue(!failure.toString().contains("canary"), failure.toString());
  }

  @Test
  @FaultCase(63)
  void twoFilesOnOneTargetWithDifferentBytesAreAProblem() {
    Manifests manifests =
        new Manifests()
            .model("m", "/opt", file("a", HEX_A, URL))
            .model("n", "/opt/x/..", file("a", HEX_B, URL));
    ManifestException failure = assertThrows(ManifestException.class, () -> plan(manifests));
    assertEquals("same-target", failure.problems().get(0).rule());
  }

  @Test
  @FaultCase(63)
  void twoFilesOnOneTargetWithTheSameBytesAreOne() {
    Manifests manifests =
        new Manifests()
            .model("m", "/opt", file("a", HEX_A, URL))
            .model("n", "/opt", file("a", HEX_A, "https://other.example/a"));
    assertEquals(1, plan(manifests).files().size());
  }

  @Test
  void aFileInsideAFileOrInsideATreePinnedAsAWholeIsAProblem() {
    Manifests inFile =
        new Manifests().model("m", "/opt", file("a", HEX_A, URL), file("a/b", HEX_B, URL));
    assertEquals(
        "nested-target",
        assertThrows(ManifestException.class, () -> plan(inFile)).problems().get(0).rule());

    Unpacking tree =
        new Unpacking.Tree(
            new Unpacking.Archive(Unpacking.Container.ZIP, Compression.NONE),
            0,
            List.of(),
            new Unpacking.TreePin.Whole(
                Digest.sha256(HEX_B), OptionalInt.empty(), OptionalLong.empty()),
            Unpacking.Links.REFUSED,
            Unpacking.Limits.DEFAULT);
    Manifests inTree =
        new Manifests()
            .model("m", "/opt/tree", file("", HEX_A, tree, URL))
            .model("n", "/opt/tree/sub", file("b", HEX_B, URL));
    assertEquals(
        "nested-target",
        assertThrows(ManifestException.class, () -> plan(inTree)).problems().get(0).rule());
  }

  @Test
  void selectorsChooseByNameAndGroup() {
    Manifests manifests =
        new Manifests()
            .model("rembg/u2net", "/opt/1", List.of("seg"), file("a", HEX_A, URL))
            .model("rembg/u2netp", "/opt/2", List.of("seg"), file("a", HEX_A, URL))
            .model("dlib/face", "/opt/3", file("a", HEX_A, URL));
    assertEquals(
        List.of("rembg/u2netp"),
        plan(
                manifests,
                selection(new Selection(List.of("rembg/*"), List.of("*/u2net"), List.of("seg"))),
                Map.of())
            .files()
            .stream()
            .map(PlannedFile::model)
            .toList());
  }

  @Test
  void aSelectorThatMatchesNothingIsNamedWithTheNearestName() {
    Manifests manifests = new Manifests().model("rembg/u2net", "/opt", file("a", HEX_A, URL));
    UsageException failure =
        assertThrows(
            UsageException.class,
            () ->
                plan(
                    manifests,
                    selection(new Selection(List.of("rembg/u2nte"), List.of(), List.of())),
                    Map.of()));
    assertTrue(failure.getMessage().contains("did you mean rembg/u2net?"), failure.getMessage());
    assertThrows(
        UsageException.class,
        () ->
            plan(
                manifests, selection(new Selection(List.of(), List.of("*"), List.of())), Map.of()));
  }

  @Test
  void ownerOnTheCommandLineWins() {
    PlanOptions options =
        new PlanOptions(
            Path.of("/"),
            Optional.of("77:88"),
            Optional.of("/h"),
            Map.of("DIR", "~/d"),
            Map.of(),
            Selection.ALL,
            Sources.ALL);
    Manifests manifests =
        new Manifests().owner("appuser").model("m", "~/${DIR}", file("a", HEX_A, URL));
    Target.Resolved target = resolved(plan(manifests, options, Map.of()));
    assertEquals(new Owner(77, 88), target.owner());
    assertEquals(Path.of("/h/~/d/a"), target.path());
  }
}
