package dev.modelbake.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.guard.Layer;
import dev.modelbake.json.Json;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Candidate.Role;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Finding;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Receipt;
import dev.modelbake.model.UsageException;
import dev.modelbake.testing.DocumentSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is written for machines agrees with the schemas that describe it. */
class DocumentsTest {
  static List<BakeEvent> events() {
    var candidate = Samples.candidate("https://host.example/x?token=secret", Role.ORIGIN);
    return List.of(
        new BakeEvent.Planned(3, 1, 100),
        new BakeEvent.Kept("m/k"),
        new BakeEvent.Fetching("m/x", candidate, OptionalLong.of(7)),
        new BakeEvent.Fetching("m/y", candidate, OptionalLong.empty()),
        new BakeEvent.Received("m/x", 5, 5),
        new BakeEvent.Retrying("m/x", candidate, 2, Duration.ofMillis(250), "reset"),
        new BakeEvent.CandidateFailed(
            "m/x", Samples.failure("https://dead.example/x", FailureKind.TEMPORARY, "timed out")),
        new BakeEvent.Verified("m/x", candidate, Descriptor.of(Samples.digest(1), 7)),
        new BakeEvent.Made("m/z", 3, Descriptor.of(Samples.digest(1), 7)),
        new BakeEvent.Unpacking("m/x"),
        new BakeEvent.Unpacked("m/x", 2, 70),
        new BakeEvent.Published("m/x"),
        new BakeEvent.Failed("m/y", new UsageException("a", "b", "c")),
        new BakeEvent.Notice("text"),
        new BakeEvent.Finished(2, 1, Duration.ofSeconds(3)));
  }

  @Test
  void aPlanAgreesWithItsSchema() throws IOException {
    DocumentSchema schema = DocumentSchema.named("plan");
    schema.accepts(PlanJson.of(Samples.plan()).pretty());
    schema.accepts(PlanJson.of(Samples.planOfCache()).pretty());
    schema.refuses(PlanJson.of(Samples.plan()).with("more", 1).pretty());
  }

  @Test
  void aReceiptAgreesWithItsSchema() throws IOException {
    DocumentSchema.named("receipt").accepts(ReceiptJson.of(Samples.receipt()).pretty());
    DocumentSchema.named("receipt").accepts(ReceiptJson.of(Samples.receiptOfCache()).pretty());
    DocumentSchema.named("receipt").refuses(ReportJson.of(Samples.report()).pretty());
  }

  @Test
  void aReportAgreesWithItsSchema() throws IOException {
    DocumentSchema.named("report").accepts(ReportJson.of(Samples.report()).pretty());
  }

  @Test
  void findingsAgreeWithTheirSchema() throws IOException {
    Finding unexpected = new Finding("/x", "", FailureKind.INTEGRITY, "not in the manifest");
    Finding missing = new Finding("/y", "m/y", FailureKind.MISSING, "there is nothing");
    DocumentSchema.named("verify")
        .accepts(FindingsJson.of(List.of(unexpected, missing), 4).pretty());
  }

  @Test
  void aGuardReportAgreesWithItsSchema() throws IOException {
    DocumentSchema schema = DocumentSchema.named("guard");
    schema.accepts(GuardJson.of(GuardSamples.reachedOut()).pretty());
    schema.accepts(GuardJson.of(GuardSamples.quiet(Layer.State.ACTIVE)).pretty());
    schema.refuses(GuardJson.of(GuardSamples.reachedOut()).with("more", 1).pretty());
  }

  @Test
  void problemsAgreeWithTheirSchema() throws IOException {
    Problem problem = Problem.error(Samples.at(3), "rule", "what", "remedy");
    DocumentSchema.named("problems").accepts(ProblemsJson.of(List.of(problem)).pretty());
  }

  @Test
  void everyEventAgreesWithItsSchemaAndIsOneLine() throws IOException {
    DocumentSchema schema = DocumentSchema.named("progress");
    schema.accepts(EventJson.start(0).compact());
    for (BakeEvent event : events()) {
      String line = EventJson.of(event, 12).compact();
      schema.accepts(line);
      assertFalse(line.contains("\n"));
    }
    schema.refuses("{\"event\":\"unknown\",\"t\":1}");
  }

  @Test
  void thereIsAnExampleOfEveryKindOfEvent() {
    assertEquals(
        List.of(BakeEvent.class.getPermittedSubclasses()).size(),
        events().stream().map(Object::getClass).distinct().count());
  }

  @Test
  void theReferenceNamesEveryFieldAndEvent() throws IOException {
    String reference = Files.readString(Path.of("docs/output.md"));
    for (String name :
        List.of("plan", "receipt", "report", "verify", "problems", "progress", "guard")) {
      String schema = Files.readString(Path.of("docs", name + ".schema.json"));
      assertTrue(reference.contains("(" + name + ".schema.json)"), name);
      SchemaNames.of(schema)
          .forEach(field -> assertTrue(reference.contains("`" + field + "`"), name + ": " + field));
    }
  }

  @Test
  void noQueryOfAUrlIsWritten() {
    String all =
        PlanJson.of(Samples.plan()).compact()
            + PlanJson.of(Samples.planOfCache()).compact()
            + PlanText.of(Samples.planOfCache(), Detail.FULL)
            + ReportJson.of(Samples.report()).compact()
            + PlanText.of(Samples.plan(), Detail.FULL);
    for (BakeEvent event : events()) {
      all += EventJson.of(event, 1).compact();
    }
    assertFalse(all.contains("secret"), all);
  }

  @Test
  void aReceiptIsTheSameBytesWhateverTheOrder() {
    Receipt receipt = Samples.receipt();
    Receipt turned = new Receipt(List.of(receipt.entries().get(1), receipt.entries().get(0)));
    assertEquals(ReceiptJson.of(receipt).pretty(), ReceiptJson.of(turned).pretty());
    assertEquals(
        receipt.entries().get(1),
        ReceiptReader.read(
                "r", ReceiptJson.of(receipt).pretty().getBytes(UTF_8), ReceiptReader.BOUNDS)
            .entries()
            .get(0));
  }

  @Test
  void aReceiptWithLinksAndDirectoriesIsReadBack() {
    byte[] bytes = ReceiptJson.of(Samples.receiptOfCache()).pretty().getBytes(UTF_8);
    assertEquals(Samples.receiptOfCache(), ReceiptReader.read("r", bytes, ReceiptReader.BOUNDS));
  }

  @Test
  void foreignTextIsEscapedButNotLostInJson() {
    String line = EventJson.of(new BakeEvent.Notice(Samples.HOSTILE), 1).compact();
    assertTrue(line.contains("\\u001b]0;owned\\u0007\\r\\nOK"), line);
    assertTrue(line.contains("\\u202e"), line);
    assertEquals(
        Json.of(Samples.HOSTILE).compact(),
        line.substring(line.indexOf(":\"\\") + 1, line.length() - 1));
  }
}
