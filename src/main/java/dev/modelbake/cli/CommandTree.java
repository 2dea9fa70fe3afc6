package dev.modelbake.cli;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.report.Detail;
import dev.modelbake.report.FailureText;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** All commands, and what their failures become. */
final class CommandTree {
  private CommandTree() {}

  @Command(
      name = "modelbake",
      description =
          "Puts pinned model files where libraries look for them, while an image is being built.",
      footer = {
        "",
        "Exit codes: 0 all proven, 64 usage, 65 wrong bytes, 66 missing, 69 unavailable,",
        "70 bug, 73 cannot create, 74 I/O, 75 temporary, 77 authentication, 78 manifest,",
        "79 refused."
      },
      versionProvider = Version.class,
      synopsisSubcommandLabel = "COMMAND",
      mixinStandardHelpOptions = true)
  static final class Root {}

  /** Runs one command; returns the exit code of the process. */
  static int run(Session session, String... args) {
    int code = execute(session, args);
    // A closed pipe or a full disk must not look like success, nor like a lesser failure.
    boolean lost = session.out().failure().isPresent() || session.err().failure().isPresent();
    if (lost && outranks(code, args)) {
      session.err().line("error: the output could not be written");
      return ExitCode.IO.number();
    }
    return code;
  }

  /** Whether lost output is graver; what a command of the user's ended with is left as it is. */
  private static boolean outranks(int code, String... args) {
    boolean passedOn = args.length > 0 && (args[0].equals("guard") || args[0].equals("record"));
    return code == ExitCode.OK.number() || (!passedOn && ExitCode.isLesser(code, FailureKind.IO));
  }

  private static int execute(Session session, String... args) {
    try {
      CommandLine tree = of(session, needed(args));
      if (HelpPage.isWanted(args)) {
        HelpPage.arrange(tree, Terminal.columnsOfStandardOutput(session.environment()));
      }
      return tree.execute(args);
    } catch (Error e) {
      // Among them a class or a native library that does not load: never a quiet exit 1.
      return bug(session, e);
    }
  }

  /** All commands. */
  static CommandLine of(Session session) {
    return of(session, name -> true);
  }

  /**
   * Making a command known takes some milliseconds, so the others are left out when one is named.
   */
  private static Predicate<String> needed(String... args) {
    String first = args.length == 0 ? "" : args[0];
    boolean one = first.equals("--version") || commands().containsKey(first);
    return one ? first::equals : name -> true;
  }

  private static Map<String, Function<Session, Object>> commands() {
    Map<String, Function<Session, Object>> commands = new LinkedHashMap<>();
    commands.put("bake", BakeCommand::new);
    commands.put("plan", PlanCommand::new);
    commands.put("verify", VerifyCommand::new);
    commands.put("pin", PinCommand::new);
    commands.put("lint", LintCommand::new);
    commands.put(
        "catalog",
        session ->
            new CommandLine(new CatalogCommand())
                .addSubcommand(new CatalogListCommand(session))
                .addSubcommand(new CatalogShowCommand(session)));
    commands.put("env", EnvCommand::new);
    commands.put("dockerfile", DockerfileCommand::new);
    commands.put(
        "mirror",
        session ->
            new CommandLine(new MirrorCommand())
                .addSubcommand(new MirrorExportCommand(session))
                .addSubcommand(new MirrorImportCommand(session))
                .addSubcommand(new MirrorVerifyCommand(session))
                .addSubcommand(new MirrorPushCommand(session))
                .addSubcommand(new MirrorPullCommand(session)));
    commands.put("gc", GcCommand::new);
    commands.put(
        "guard", session -> new CommandLine(new GuardCommand(session)).setStopAtPositional(true));
    commands.put(
        "record", session -> new CommandLine(new RecordCommand(session)).setStopAtPositional(true));
    commands.put("demo", DemoCommand::new);
    commands.put("schema", SchemaCommand::new);
    commands.put("completion", CompletionCommand::new);
    return commands;
  }

  private static CommandLine of(Session session, Predicate<String> wanted) {
    CommandLine tree = new CommandLine(new Root());
    commands()
        .forEach(
            (name, command) -> {
              if (wanted.test(name)) {
                tree.addSubcommand(command.apply(session));
              }
            });
    tree.setOut(new PrintWriter(Session.writer(session.out()), true));
    tree.setErr(new PrintWriter(Session.writer(session.err()), true));
    tree.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    tree.setCaseInsensitiveEnumValuesAllowed(true);
    tree.setAbbreviatedOptionsAllowed(false);
    tree.setExpandAtFiles(false); // an @file is the guarded command's own
    tree.setExecutionExceptionHandler(
        (failure, line, result) -> failed(session, failure, last(result)));
    tree.setParameterExceptionHandler((failure, args) -> misused(session, failure));
    return tree;
  }

  /** The command that ran. */
  private static ParseResult last(ParseResult result) {
    ParseResult command = result;
    while (command.hasSubcommand()) {
      command = command.subcommand();
    }
    return command;
  }

  private static int failed(Session session, Exception failure, ParseResult command) {
    Optional<BakeException> limit = OpenFiles.behind(failure);
    if (limit.isPresent() || failure instanceof BakeException) {
      BakeException known = limit.orElseGet(() -> (BakeException) failure);
      Detail detail = command.hasMatchedOption("--verbose") ? Detail.FULL : Detail.BRIEF;
      Colors colors = command.matchedOptionValue("--color", Colors.AUTO);
      new PeopleText(session, colors).print(FailureText.of(known, detail));
      return ExitCode.of(known.kind()).number();
    }
    return bug(session, failure);
  }

  private static int bug(Session session, Throwable bug) {
    Optional<BakeException> limit = OpenFiles.behind(bug);
    if (limit.isPresent()) {
      FailureText.of(limit.get(), Detail.BRIEF).forEach(session.err()::line);
      return ExitCode.IO.number();
    }
    FailureText.ofBug(bug, Version.text()).forEach(session.err()::line);
    return ExitCode.INTERNAL.number();
  }

  private static int misused(Session session, ParameterException failure) {
    new PeopleText(session, Colors.AUTO).print(new Misuse(failure).lines());
    return ExitCode.USAGE.number();
  }
}
