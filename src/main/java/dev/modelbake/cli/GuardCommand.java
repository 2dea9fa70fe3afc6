package dev.modelbake.cli;

import static java.util.stream.Collectors.joining;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.guard.Guard;
import dev.modelbake.guard.GuardOptions;
import dev.modelbake.guard.GuardReport;
import dev.modelbake.guard.GuardReport.Worth;
import dev.modelbake.guard.Layer;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.UsageException;
import dev.modelbake.report.Detail;
import dev.modelbake.report.FailureText;
import dev.modelbake.report.GuardJson;
import dev.modelbake.report.GuardText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "guard",
    description = {
      "Run a command with the network refused, and tell what reached for it.",
      "Exit 79 when anything did, else the command's own code."
    },
    mixinStandardHelpOptions = true)
final class GuardCommand implements Callable<Integer> {
  private static final Pattern START =
      Pattern.compile("refused|error|proof|evidence, not proof|nothing is known|not seen");

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "The command and its arguments, behind --.")
  private List<String> command = List.of();

  @Option(
      names = "--allow",
      paramLabel = "HOST",
      description =
          "A host that may be reached: HOST, HOST:PORT or *.DOMAIN; loopback always may be."
              + " Repeatable.")
  private List<String> allow = List.of();

  @Option(
      names = "--require",
      paramLabel = "WORTH",
      description =
          "One of ${COMPLETION-CANDIDATES}: exit 78 before the command runs where less can be had,"
              + " and at its end when less was had.")
  private @Nullable Strength require;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write what was seen as JSON; - is standard output, behind the command's own, and"
              + " /dev/fd/N an open descriptor.")
  private @Nullable Path report;

  @Option(names = "--json", description = "The same as --report -.")
  private boolean json;

  @Option(
      names = "--emit-python",
      paramLabel = "FILE",
      description =
          "Run nothing: write the check as one Python file for images without Java; - is standard"
              + " output. Only a file that this wrote is replaced.")
  private @Nullable Path python;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show the call stack of each attempt.")
  private boolean verbose;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing but errors.")
  private boolean quiet;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      description =
          "One of ${COMPLETION-CANDIDATES}; NO_COLOR is honoured (default: ${DEFAULT-VALUE}).")
  private Colors color = Colors.AUTO;

  private final Session session;

  GuardCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (python != null) {
      if (!command.isEmpty()) {
        throw new UsageException(
            "reading arguments", "--emit-python runs no command", "leave out one of them");
      }
      return emit(python);
    }
    session.requireProcess("guard");
    if (command.isEmpty()) {
      throw new UsageException(
          "reading arguments", "there is no command", "write modelbake guard -- COMMAND");
    }
    Optional<DataFile> file =
        Optional.ofNullable(report)
            .or(() -> json ? Optional.of(Path.of("-")) : Optional.empty())
            .map(DataFile::new);
    file.ifPresent(DataFile::requireWritable);
    Map<String, String> environment = CallerEnvironment.of(session.environment());
    Worth wanted = require == null ? Worth.NOTHING : require.worth();
    GuardReport seen =
        ModelBake.guard(
            new GuardOptions(command, environment, allow, new ProcessSignals(), wanted));
    tell(seen);
    int code = seen.refused().isEmpty() ? seen.exit() : ExitCode.REFUSED.number();
    try {
      file.ifPresent(data -> data.write(session, GuardJson.of(seen).pretty()));
    } catch (DiskException e) {
      if (code == 0) {
        throw e;
      }
      // What the command did is graver, or its own: the report that is missing is told all the
      // same.
      new PeopleText(session, color).print(FailureText.of(e, Detail.BRIEF));
    }
    if (code == 0) {
      requireWorth(seen);
    }
    return code;
  }

  private void requireWorth(GuardReport seen) {
    if (require != null && seen.worth().isLessThan(require.worth())) {
      throw new EnvironmentException(
          "--require " + require,
          "the run gave %s: %s"
              .formatted(
                  seen.worth().name().toLowerCase(Locale.ROOT),
                  seen.layers().stream().map(Layer::says).collect(joining("; "))),
          require.remedy(),
          null);
    }
  }

  /** Only what an earlier run wrote is replaced: a program of the user's may have the same name. */
  private int emit(Path file) {
    String text = Guard.pythonFile();
    if (Files.isRegularFile(file)
        && InheritedDescriptor.of(file).isEmpty()
        && !isOurs(file, text)) {
      throw new CannotCreateException(
          file.toString(),
          "it exists, and guard --emit-python did not write it",
          "name another file, or remove it first",
          null);
    }
    new DataFile(file).write(session, text);
    return ExitCode.OK.number();
  }

  private static boolean isOurs(Path file, String text) {
    byte[] first = text.substring(0, text.indexOf('\n') + 1).getBytes(StandardCharsets.UTF_8);
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(first, in.readNBytes(first.length));
    } catch (IOException e) {
      return false; // nobody can tell
    }
  }

  private void tell(GuardReport seen) {
    Detail detail = verbose ? Detail.FULL : Detail.BRIEF;
    String text = quiet ? GuardText.ofErrors(seen, detail) : GuardText.of(seen, detail);
    Terminal terminal = Terminal.ofStandardError(session.environment());
    Style style = Style.of(color, terminal, session.environment());
    boolean folds = terminal.kind() == Terminal.Kind.ANSI;
    text.lines()
        .map(line -> painted(line, style))
        .map(line -> folds ? Folded.at(terminal.columns(), line) : line)
        .forEach(line -> session.err().line(line));
  }

  private static String painted(String line, Style style) {
    Matcher start = START.matcher(line);
    if (!start.lookingAt()) {
      return line;
    }
    String word = start.group();
    String shown =
        switch (word) {
          case "refused", "error" -> style.error(word);
          case "proof" -> style.good(word);
          default -> style.warning(word);
        };
    return shown + line.substring(word.length());
  }
}
