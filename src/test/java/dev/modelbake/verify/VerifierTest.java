package dev.modelbake.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Finding;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Receipt;
import dev.modelbake.model.Unpacking;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.PlannedFiles;
import dev.modelbake.verify.VerifyOptions.Depth;
import dev.modelbake.verify.VerifyOptions.Strictness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@FaultCase(57)
class VerifierTest {
  private static final VerifyOptions STRICT =
      new VerifyOptions(Depth.BYTES, Strictness.STRICT, Optional.empty());
  private static final VerifyOptions QUICK =
      new VerifyOptions(Depth.QUICK, Strictness.LENIENT, Optional.empty());

  @TempDir Path root;
  private final PlannedFiles files = PlannedFiles.ownedBy(SurveyorTest.self());

  @Test
  void everythingRightGivesNoFinding() throws Exception {
    write("a", "text");
    write("t/x", "1");
    assertEquals(
        List.of(),
        verify(
            VerifyOptions.DEFAULT,
            files.file("/a", "text"),
            files.members("/t", Map.of("x", "1"))));
  }

  @Test
  void aFlippedByteNamesBothDigests() throws Exception {
    write("a", "tixt");
    Finding finding = one(VerifyOptions.DEFAULT, files.file("/a", "text"));
    assertEquals(FailureKind.INTEGRITY, finding.kind());
    assertEquals("/a", finding.path());
    assertEquals("model/a", finding.file());
    assertTrue(finding.what().contains(PlannedFiles.descriptor("tixt").digest().toString()));
    assertTrue(finding.what().contains(PlannedFiles.descriptor("text").digest().toString()));
  }

  @Test
  void quickDoesNotSeeAFlippedByteButASizeAndAMode() throws Exception {
    write("a", "tixt");
    assertEquals(List.of(), verify(QUICK, files.file("/a", "text")));
    assertEquals(FailureKind.INTEGRITY, one(QUICK, files.file("/a", "longer")).kind());
    Files.setAttribute(root.resolve("a"), "unix:mode", 0600);
    assertTrue(one(QUICK, files.file("/a", "text")).what().contains("0600"));
  }

  @Test
  void aMissingFileIsMissing() {
    Finding finding = one(VerifyOptions.DEFAULT, files.file("/opt/a", "text"));
    assertEquals(FailureKind.MISSING, finding.kind());
    assertEquals(Optional.of(FailureKind.MISSING), VerifyOptions.DEFAULT.outcome(List.of(finding)));
  }

  @Test
  void whatCannotBeProvenIsNeverRight() throws Exception {
    write("a", "text");
    write("t/x", "1");
    PlannedFile stream = files.stream("/a", "text", PlannedFiles.Pinned.NO);
    PlannedFile tree = files.tree("/t", Map.of("x", "1"), new Unpacking.TreePin.Absent());
    for (VerifyOptions options : List.of(VerifyOptions.DEFAULT, QUICK)) {
      assertEquals(FailureKind.CONFIGURATION, one(options, stream).kind());
      assertEquals(FailureKind.CONFIGURATION, one(options, tree).kind());
    }
  }

  @Test
  void unexpectedFilesAreListedAndAreErrorsOnlyWhenStrict() throws Exception {
    write("m/a", "text");
    write("m/beside", "who");
    write("t/x", "1");
    write("t/deep/stranger", "who");
    PlannedFile[] both = {files.file("/m/a", "text"), files.members("/t", Map.of("x", "1"))};
    List<Finding> findings = verify(VerifyOptions.DEFAULT, both);
    assertEquals(
        List.of("/m/beside", "/t/deep/stranger"), findings.stream().map(Finding::path).toList());
    assertTrue(findings.stream().allMatch(Finding::unexpected));
    assertEquals(Optional.empty(), VerifyOptions.DEFAULT.outcome(findings));
    assertEquals(Optional.of(FailureKind.INTEGRITY), STRICT.outcome(findings));
  }

  @Test
  void aFileMoreOrLessBreaksAWholeTree() throws Exception {
    write("t/x", "1");
    write("t/y", "2");
    assertEquals(
        List.of(), verify(VerifyOptions.DEFAULT, files.whole("/t", Map.of("x", "1", "y", "2"))));
    for (VerifyOptions options : List.of(VerifyOptions.DEFAULT, QUICK)) {
      assertTrue(
          one(options, files.whole("/t", Map.of("x", "1"))).what().contains("1 files, actual 2"));
    }
    assertEquals(
        FailureKind.INTEGRITY,
        one(VerifyOptions.DEFAULT, files.whole("/t", Map.of("x", "1", "z", "2"))).kind());
  }

  @Test
  void aTreeOfAnotherSizeIsWrongEvenQuickly() throws Exception {
    write("t/x", "12");
    Finding finding = one(QUICK, files.whole("/t", Map.of("x", "1")));
    assertTrue(finding.what().contains("expected 1 bytes in all, actual 2"), finding.what());
  }

  @Test
  void aReceiptProvesWhatAPlanCannot() throws Exception {
    write("a", "text");
    Receipt receipt =
        new Receipt(
            List.of(
                new Receipt.Entry(
                    "/a",
                    "model/a",
                    PlannedFiles.descriptor("text").digest(),
                    4,
                    SurveyorTest.self(),
                    FileMode.parse("0644"))));
    Verifier verifier = new Verifier();
    assertEquals(List.of(), verifier.verify(receipt, root, VerifyOptions.DEFAULT).findings());
    write("a", "tixt");
    assertEquals(
        FailureKind.INTEGRITY,
        verifier.verify(receipt, root, VerifyOptions.DEFAULT).findings().get(0).kind());
    Files.delete(root.resolve("a"));
    assertEquals(
        FailureKind.MISSING,
        verifier.verify(receipt, root, VerifyOptions.DEFAULT).findings().get(0).kind());
  }

  @Test
  void theClosedDirectoryIsNamedOnceForAnotherUser() throws Exception {
    Files.setAttribute(root, "unix:mode", 0755);
    write("root/a", "1");
    write("root/b", "2");
    Files.setAttribute(root.resolve("root"), "unix:mode", 0700);
    VerifyOptions options =
        new VerifyOptions(Depth.BYTES, Strictness.LENIENT, Optional.of(new Owner(54321, 54321)));
    Finding finding = one(options, files.file("/root/a", "1"), files.file("/root/b", "2"));
    assertTrue(finding.what().contains("54321:54321"), finding.what());
    assertTrue(finding.what().contains(root.resolve("root") + " is "), finding.what());
  }

  @Test
  void findingsComeInTheOrderOfThePlan() {
    PlannedFile[] many = new PlannedFile[50];
    for (int i = 0; i < many.length; i++) {
      many[i] = files.file("/opt/" + i, "text" + i);
    }
    List<Finding> findings = verify(VerifyOptions.DEFAULT, many);
    for (int i = 0; i < many.length; i++) {
      assertEquals("/opt/" + i, findings.get(i).path());
    }
  }

  @Test
  void whatWasHashedAndIsRightStandsInTheReceipt() throws Exception {
    write("a", "text");
    write("b", "TEXT");
    Plan plan = PlannedFiles.plan(root, files.file("/b", "text"), files.file("/a", "text"));
    Verifier verifier = new Verifier();

    List<Receipt.Entry> entries = verifier.verify(plan, VerifyOptions.DEFAULT).receipt().entries();
    assertEquals(List.of("/a"), entries.stream().map(Receipt.Entry::path).toList());
    assertEquals(PlannedFiles.descriptor("text").digest(), entries.get(0).digest());
    assertEquals(List.of(), verifier.verify(plan, QUICK).receipt().entries());
  }

  private Finding one(VerifyOptions options, PlannedFile... planned) {
    List<Finding> findings = verify(options, planned);
    assertEquals(1, findings.size(), findings.toString());
    return findings.get(0);
  }

  private List<Finding> verify(VerifyOptions options, PlannedFile... planned) {
    return new Verifier().verify(PlannedFiles.plan(root, planned), options).findings();
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
    Files.writeString(file, text);
    Files.setAttribute(file, "unix:mode", 0644);
  }
}
