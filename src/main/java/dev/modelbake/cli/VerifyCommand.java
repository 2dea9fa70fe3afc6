package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.bake.Verification;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.MissingException;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Reason;
import dev.modelbake.model.Receipt;
import dev.modelbake.model.UsageException;
import dev.modelbake.report.FindingsJson;
import dev.modelbake.report.FindingsText;
import dev.modelbake.report.ReceiptReader;
import dev.modelbake.report.Sums;
import dev.modelbake.verify.VerifyOptions;
import dev.modelbake.verify.VerifyOptions.Depth;
import dev.modelbake.verify.VerifyOptions.Strictness;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    description = {
      "Compare what stands on disk with manifests or with a receipt; opens no socket.",
      "Exit 0 proves every selected file; 65 wrong, 66 missing, 78 cannot be proven."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  private static final Pattern USER = Pattern.compile("([0-9]{1,10})(?::([0-9]{1,10}))?");

  @Mixin private final SelectionOptions selection = new SelectionOptions();
  @Mixin private final TargetOptions target = new TargetOptions();

  @Option(
      names = "--receipt",
      paramLabel = "FILE",
      description = "Verify what this receipt says, in place of manifests.")
  private @Nullable Path receipt;

  @Option(names = "--quick", description = "Check existence, size, owner and mode; hash nothing.")
  private boolean quick;

  @Option(names = "--strict", description = "Exit 65 for unexpected files too.")
  private boolean strict;

  @Option(
      names = "--as",
      paramLabel = "UID[:GID]",
      description = "Check too that this user can reach and read every file, by mode bits.")
  private @Nullable String reader;

  @Option(
      names = "--sums",
      paramLabel = "FILE",
      description = "Write lines for `sha256sum -c` when all is proven; - is standard output.")
  private @Nullable Path sums;

  @Option(names = "--json", description = "Print the findings as JSON on standard output.")
  private boolean json;

  private final Session session;

  VerifyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (quick && sums != null) {
      throw new UsageException(
          "reading options", "--sums with --quick, which hashes nothing", "leave one of them out");
    }
    VerifyOptions options =
        new VerifyOptions(
            quick ? Depth.QUICK : Depth.BYTES,
            strict ? Strictness.STRICT : Strictness.LENIENT,
            Optional.ofNullable(reader).map(VerifyCommand::user));
    Verification result = verify(options);
    if (json) {
      session.out().print(FindingsJson.of(result.findings(), result.proven()).pretty());
    } else {
      new PeopleText(session, Colors.AUTO)
          .print(FindingsText.of(result.findings(), result.proven()));
    }
    Optional<FailureKind> outcome = options.outcome(result.findings());
    if (sums != null && outcome.isEmpty()) {
      new DataFile(sums).write(session, Sums.of(result.receipt()));
    }
    return outcome.map(ExitCode::of).orElse(ExitCode.OK).number();
  }

  private static Owner user(String text) {
    Matcher user = USER.matcher(text);
    if (!user.matches()) {
      throw new UsageException("reading --as", "this is no user", "write 1000 or 1000:1000");
    }
    long uid = Long.parseLong(user.group(1));
    try {
      return new Owner(uid, user.group(2) == null ? uid : Long.parseLong(user.group(2)));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "reading --as", "this number is too large", "write 1000 or 1000:1000");
    }
  }

  private Verification verify(VerifyOptions options) {
    OutputFiles written = new OutputFiles().with("--sums", sums);
    if (receipt != null) {
      written.requireApart(List.of(receipt), List::of, target.root());
      return ModelBake.verify(read(receipt), target.root(), options);
    }
    ModelBake bake = Front.of(session, selection, target);
    written.requireApart(selection.manifests(), bake::targets, target.root());
    return bake.verify(options);
  }

  private static Receipt read(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new MissingException(
          "reading the receipt " + file,
          "it is not a regular file",
          "name the file that `bake --receipt` wrote",
          null);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(ReceiptReader.BOUNDS.bytes() + 1);
      return ReceiptReader.read(file.toString(), bytes, ReceiptReader.BOUNDS);
    } catch (IOException e) {
      throw new MissingException(
          "reading the receipt " + file,
          "it cannot be read: " + Reason.of(e),
          "name the file that `bake --receipt` wrote",
          e);
    }
  }
}
