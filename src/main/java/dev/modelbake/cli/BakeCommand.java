package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.model.BakeFailedException;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.UsageException;
import dev.modelbake.report.ReceiptJson;
import dev.modelbake.report.ReportJson;
import dev.modelbake.report.Sums;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "bake",
    description = {
      "Fetch, verify, unpack and place every selected file.",
      "Exit 0 means that each stands at its place with the pinned bytes, owner and",
      "mode."
    },
    mixinStandardHelpOptions = true)
final class BakeCommand implements Callable<Integer> {
  @Mixin private final SelectionOptions selection = new SelectionOptions();
  @Mixin private final TargetOptions target = new TargetOptions();
  @Mixin private final SourceOptions source = new SourceOptions();
  @Mixin private final TrustOptions trust = new TrustOptions();
  @Mixin private final TransferOptions transfer = new TransferOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  @Option(
      names = "--times",
      paramLabel = "WHEN",
      description =
          "Time put on files and directories: now, or seconds since 1970 (default:"
              + " SOURCE_DATE_EPOCH, else 2000-01-01).")
  private @Nullable String times;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write what happened as JSON, also when files fail; - is standard output.")
  private @Nullable Path report;

  @Option(
      names = "--receipt",
      paramLabel = "FILE",
      description =
          "Write what is true of the files as JSON, the same in every run; - is standard output.")
  private @Nullable Path receipt;

  @Option(
      names = "--sums",
      paramLabel = "FILE",
      description = "Write lines for `sha256sum -c`; - is standard output.")
  private @Nullable Path sums;

  private final Session session;

  BakeCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ModelBake chosen = Front.of(session, selection, target);
    chosen = transfer.apply(trust.apply(source.apply(session, chosen)));
    ModelBake bake = times == null ? chosen : chosen.times(instant(times));
    new OutputFiles()
        .with("--report", report)
        .with("--receipt", receipt)
        .with("--sums", sums)
        .requireApart(selection.manifests(), bake::targets, target.root());
    try (Interruption guard = Interruption.guard(session)) {
      guard.watch();
      writeAll(bake(bake));
      return ExitCode.OK.number();
    } catch (BakeFailedException failure) {
      write(report, ReportJson.of(failure.report()).pretty());
      throw failure;
    }
  }

  private BakeReport bake(ModelBake bake) {
    try (Progress progress = output.progress(session)) {
      return bake.listener(progress).bake();
    }
  }

  private void writeAll(BakeReport done) {
    write(report, ReportJson.of(done).pretty());
    write(receipt, ReceiptJson.of(done.receipt()).pretty());
    write(sums, Sums.of(done.receipt()));
  }

  private void write(@Nullable Path file, String text) {
    if (file != null) {
      new DataFile(file).write(session, text);
    }
  }

  private static Instant instant(String text) {
    if (text.equals("now")) {
      return Instant.now();
    }
    if (!text.matches("[0-9]{1,11}")) {
      throw new UsageException("reading --times", "this is no time", "write now or 1700000000");
    }
    return Instant.ofEpochSecond(Long.parseLong(text));
  }
}
