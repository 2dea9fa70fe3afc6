package dev.modelbake.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description = "Print a completion script for bash or zsh, to be sourced.",
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  /**
   * Completes {@code catalog:NAME}, and leaves the rest to what picocli makes. Where a colon ends a
   * word, as it does in bash, a completion replaces only what stands behind it.
   */
  private static final String CATALOG =
      """
      _complete_modelbake_or_catalog() {
        local line="${COMP_LINE:0:$COMP_POINT}" name
        local word="${line##* }"
        if [ "${word#catalog:}" = "$word" ]; then
          _complete_modelbake "$@"
          return
        fi
        COMPREPLY=()
        for name in $(compgen -W "%s" -- "${word#catalog:}"); do
          case "${COMP_WORDBREAKS-}" in
            *:*) COMPREPLY+=("$name") ;;
            *) COMPREPLY+=("catalog:$name") ;;
          esac
        done
      }
      """;

  /** What the script is for. */
  enum Shell {
    BASH,
    ZSH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "SHELL",
      description = "One of ${COMPLETION-CANDIDATES}; one script serves both.")
  @SuppressWarnings("UnusedVariable") // asked for by habit, and checked for a slip of the pen
  private @Nullable Shell shell;

  private final Session session;

  CompletionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    CommandLine tree = CommandTree.of(session);
    session.out().print(CATALOG.formatted(String.join(" ", new CatalogNames())));
    // Where the script knows nothing, such as behind "guard --", names of files are offered.
    AutoComplete.bash("modelbake", tree)
        .lines()
        .filter(line -> !line.contains("compopt +o default"))
        .map(line -> line.replace("-F _complete_modelbake ", "-F _complete_modelbake_or_catalog "))
        .forEach(session.out()::line);
    return ExitCode.OK.number();
  }
}
