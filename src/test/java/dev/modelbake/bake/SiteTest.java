package dev.modelbake.bake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.manifest.SiteReader;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.Digest;
import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.MissingException;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PolicyException;
import dev.modelbake.model.Problem;
import dev.modelbake.model.SignatureException;
import dev.modelbake.model.SignatureException.Fault;
import dev.modelbake.model.Site;
import dev.modelbake.model.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteTest {
  private static final byte[] MODEL = "weights".getBytes(UTF_8);

  @TempDir Path directory;

  private ModelOrigin origin;
  private Path root;

  @BeforeEach
  void start() throws IOException {
    origin = new ModelOrigin();
    root = Files.createDirectory(directory.resolve("root"));
  }

  @AfterEach
  void end() {
    origin.close();
  }

  private Site site(String text) throws IOException {
    return SiteReader.read(Files.writeString(directory.resolve("site.yaml"), text));
  }

  private Path manifest(String url, String license, String path) throws IOException {
    return Files.writeString(
        directory.resolve("models.yaml"),
        """
        schema: modelbake/1
        models:
          - name: org/m
            license: %s
            dir: /opt
            files: [{url: "%s", path: %s, sha256: %s, size: %d}]
        """
            .formatted(license, url, path, Digest.ofBytes(MODEL).hex(), MODEL.length));
  }

  private ModelBake bake(Path manifest) {
    return ModelBake.manifests(List.of(manifest)).environment(Map.of()).root(root).owner("self");
  }

  private String blobPath() {
    return "/blobs/sha256/" + Digest.ofBytes(MODEL).hex();
  }

  private List<String> rules(Site site) throws IOException {
    Path manifest = manifest(origin.serve("/m.onnx", MODEL), "MIT", "m.onnx");
    PolicyException failure =
        assertThrows(PolicyException.class, () -> bake(manifest).site(site).plan());
    assertEquals(FailureKind.REFUSED, failure.kind());
    assertEquals(List.of(), origin.takeAsked());
    return failure.violations().stream().map(Problem::rule).toList();
  }

  @Test
  void theSitesMirrorServesAnUnchangedManifest() throws IOException {
    origin.serve(blobPath(), MODEL);
    Path manifest = manifest("https://nowhere.invalid/m.onnx", "MIT", "m.onnx");
    Site site = site("mirrors: [\"%s\"]\nonly-mirrors: true\n".formatted(origin.url()));
    BakeReport report = bake(manifest).site(site).bake();
    assertArrayEquals(MODEL, Files.readAllBytes(root.resolve("opt/m.onnx")));
    List<String> notices = report.notices().stream().map(Problem::toString).toList();
    assertTrue(
        notices.get(0).contains("site.yaml:1:11: mirrors come first: " + origin.url()),
        notices.toString());
    assertTrue(notices.get(1).contains("only mirrors are asked"), notices.toString());
  }

  @Test
  void aPrefixIsReplacedAndThePlanSaysSo() throws IOException {
    Site site = site("rewrite: {\"https://huggingface.co/\": \"%s/\"}\n".formatted(origin.url()));
    Path manifest = manifest("https://huggingface.co/m.onnx", "MIT", "m.onnx");
    Plan plan = bake(manifest).site(site).plan();
    assertEquals(
        origin.url() + "/m.onnx", plan.files().get(0).candidates().get(0).url().toString());
    assertTrue(plan.notices().toString().contains("https://huggingface.co/ is http://127"));
  }

  @Test
  void aHostThatIsNotAllowedIsNotAsked() throws IOException {
    assertEquals(List.of("policy-host"), rules(site("policy: {hosts: [\"*.corp.example\"]}\n")));
    origin.serve(blobPath(), MODEL);
    Path manifest = manifest("https://nowhere.invalid/m.onnx", "MIT", "m.onnx");
    Site site = site("mirrors: [\"%s\"]\npolicy: {hosts: [x.example]}\n".formatted(origin.url()));
    bake(manifest).site(site).bake();
    assertEquals(List.of(blobPath()), origin.takeAsked());
  }

  @Test
  void aRedirectToAHostThatIsNotAllowedIsRefused() throws IOException {
    try (MockWebServer server = new MockWebServer()) {
      server.start();
      String elsewhere = "http://localhost:" + server.getPort() + "/m.onnx";
      server.enqueue(new MockResponse.Builder().code(302).addHeader("Location", elsewhere).build());
      Path manifest = manifest("http://127.0.0.1:" + server.getPort() + "/m.onnx", "MIT", "m.onnx");
      Site allowed = site("policy: {hosts: [127.0.0.1]}\n");
      BakeException failure =
          assertThrows(BakeException.class, () -> bake(manifest).site(allowed).bake());
      assertEquals(FailureKind.REFUSED, failure.kind());
      assertEquals(1, server.getRequestCount());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "licenses: {deny: [\"MI*\"]}, policy-license",
    "licenses: {require: [Apache-2.0]}, policy-license"
  })
  void aLicenceThatIsNotAllowedIsRefused(String rule, String expected) throws IOException {
    assertEquals(List.of(expected), rules(site("policy: {" + rule + "}\n")));
  }

  @Test
  void licencesThatAreAllowedPass() throws IOException {
    Path manifest = manifest(origin.serve("/m.onnx", MODEL), "MIT", "m.onnx");
    Site site = site("policy: {licenses: {require: [MIT, \"Apache-*\"], deny: [\"*NC*\"]}}\n");
    assertEquals(1, bake(manifest).site(site).plan().files().size());
    Site any = site("policy: {licenses: {require: true}}\n");
    assertEquals(1, bake(manifest).site(any).plan().files().size());
    Files.writeString(manifest, Files.readString(manifest).replace("    license: MIT\n", ""));
    PolicyException failure =
        assertThrows(
            PolicyException.class,
            () -> bake(manifest).site(site("policy: {licenses: {require: true}}\n")).plan());
    assertTrue(failure.getMessage().contains("org/m has no licence"), failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "MIT AND CC-BY-NC-4.0, false",
    "(cc-by-nc-4.0), false",
    "MIT OR CC-BY-NC-4.0, true",
    "Apache-2.0, true"
  })
  void licencesAreExpressionsInAnyCase(String license, boolean allowed) throws IOException {
    Path manifest = manifest(origin.serve("/m.onnx", MODEL), '"' + license + '"', "m.onnx");
    Site site = site("policy: {licenses: {deny: [CC-BY-NC-4.0]}}\n");
    if (allowed) {
      assertEquals(1, bake(manifest).site(site).plan().files().size());
    } else {
      assertThrows(PolicyException.class, () -> bake(manifest).site(site).plan());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NOASSERTION", "\" \""})
  void aLicenceThatSaysNothingIsNone(String license) throws IOException {
    Path manifest = manifest(origin.serve("/m.onnx", MODEL), license, "m.onnx");
    Site site = site("policy: {licenses: {require: true}}\n");
    assertThrows(PolicyException.class, () -> bake(manifest).site(site).plan());
  }

  @ParameterizedTest
  @ValueSource(strings = {"m.pth.tar", "m.joblib", "data.pkl.bz2", "M.PT"})
  void picklesAreKnownByTheirUsualNames(String name) throws IOException {
    Path manifest = manifest(origin.serve("/" + name, MODEL), "MIT", "renamed.onnx");
    Site site = site("policy: {formats: {deny: [pickle]}}\n");
    assertThrows(PolicyException.class, () -> bake(manifest).site(site).plan());
  }

  @Test
  void aCounterWithoutAKeyIsRefused() throws IOException {
    Path manifest = manifest(origin.serve("/m.onnx", MODEL), "MIT", "m.onnx");
    assertThrows(UsageException.class, () -> bake(manifest).minCounter(7).plan());
    assertThrows(UsageException.class, () -> bake(manifest).minCounter(-1));
  }

  @Test
  void aKeyThatIsNoneIsToldAtOnce() throws IOException {
    Path manifest = manifest(origin.serve("/m.onnx", MODEL), "MIT", "m.onnx");
    Site site = site("trusted-keys: [abc]\n");
    assertThrows(EnvironmentException.class, () -> bake(manifest).site(site));
  }

  @Test
  void aFormatThatRunsCodeIsRefused() throws IOException {
    Site site = site("policy: {formats: {deny: [pickle]}}\n");
    Path manifest = manifest(origin.serve("/m.pt", MODEL), "MIT", "m.pt");
    PolicyException failure =
        assertThrows(PolicyException.class, () -> bake(manifest).site(site).bake());
    assertTrue(failure.getMessage().contains("pickle"), failure.getMessage());
    bake(manifest(origin.serve("/m.onnx", MODEL), "MIT", "m.onnx")).site(site).bake();
  }

  @Test
  void aSignatureIsDemandedBeforeTheManifestIsRead() throws IOException {
    String key = "RWSXgABvwt4WSjE+YwK89l1ghxoctxDC4m5fOv9bHUyPMBQaD2K6whd5";
    Path manifest = Files.writeString(directory.resolve("models.yaml"), "this is no manifest");
    Site site = site("trusted-keys: [%s]\npolicy: {signature: required}\n".formatted(key));
    SignatureException failure =
        assertThrows(SignatureException.class, () -> bake(manifest).site(site).plan());
    assertEquals(Fault.NOT_SIGNED, failure.fault());
    Files.writeString(directory.resolve("models.yaml.minisig"), "nonsense");
    failure = assertThrows(SignatureException.class, () -> bake(manifest).trustedKey(key).plan());
    assertEquals(Fault.BAD_SIGNATURE, failure.fault());
    assertThrows(ManifestException.class, () -> bake(manifest).plan());
  }

  @Test
  void aShippedManifestIsAsGoodAsTheProgramItself() {
    String key = "RWSXgABvwt4WSjE+YwK89l1ghxoctxDC4m5fOv9bHUyPMBQaD2K6whd5";
    ModelBake bake =
        ModelBake.manifest(Path.of("catalog:rembg/u2netp")).environment(Map.of()).trustedKey(key);
    assertEquals(1, bake.targets().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "mirors: []",
        "mirrors: 7",
        "mirrors: [\"https://u:p@x.example\"]",
        "only-mirrors: true",
        "policy: {hosts: [\"https://x.example/\"]}",
        "policy: {formats: {deny: [pikle]}}",
        "policy: {signature: maybe}",
        "policy: {signature: required}",
        "policy: {licenses: {forbid: [x]}}",
        "policy: {licenses: {require: []}}",
        "policy: {hosts: []}",
        "ca: absent.pem",
        "mirrors: [a]\nmirrors: [b]"
      })
  void everythingWrongWithASiteFileIsTold(String text) {
    ManifestException failure = assertThrows(ManifestException.class, () -> site(text));
    assertTrue(failure.problems().get(0).at().source().endsWith("site.yaml"));
    assertEquals(FailureKind.CONFIGURATION, failure.kind());
  }

  @Test
  void aSiteFileThatIsNamedMustBeThere() {
    assertThrows(MissingException.class, () -> SiteReader.read(directory.resolve("absent.yaml")));
  }

  @Test
  void pathsBeginInItsOwnDirectory() throws IOException {
    Files.createDirectory(directory.resolve("certs"));
    Files.writeString(directory.resolve("certs/ca.pem"), "");
    Site site =
        site("ca: certs/ca.pem\ntrusted-keys: [keys/site.pub]\nmirrors: [file:usb/models]\n");
    assertEquals(directory.resolve("certs/ca.pem"), site.ca().orElseThrow().file());
    assertEquals(directory.toUri() + "usb/models", site.mirrors().get(0).value());
    assertEquals(directory.resolve("keys/site.pub").toString(), site.trustedKeys().get(0).value());
  }
}
