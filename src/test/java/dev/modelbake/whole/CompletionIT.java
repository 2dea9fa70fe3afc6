package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The completion script in the shells that it is for. */
class CompletionIT {
  /** Asks bash's completion for the last of these words, as pressing the tab key does. */
  private static final String ASK_BASH =
      """
      source "$1"; shift
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
      handler=$(complete -p modelbake | sed 's/.* -F \\([^ ]*\\) .*/\\1/')
      $handler modelbake "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  /** Types a line and the tab key into a bash of its own, and prints what the line became. */
  private static final String TYPE_INTO_BASH =
      """
      zmodload zsh/zpty
      zpty shell env -i HOME="$3" PATH="$PATH" TERM=dumb PS1= bash --norc --noprofile -i
      zpty -w shell 'source '"$1"
      zpty -w shell 'show() { echo "line=<$READLINE_LINE>"; }; bind -x "\\"\\C-t\\": show"'
      zpty -w shell 'echo re""ady'
      zpty -r -m shell seen '*ready*'
      zpty -w -n shell "$2"$'\\t'$'\\x14'
      zpty -r -m shell seen '*line=<*>*'
      print -r -- "$seen"
      zpty -d shell
      """;

  /** Types a line and the tab key into a zsh of its own, and prints what the line became. */
  private static final String TYPE_INTO_ZSH =
      """
      zmodload zsh/zpty
      zpty shell env -i HOME="$3" PATH="$PATH" TERM=dumb zsh -f -i
      zpty -w shell 'PS1=; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -D -u'
      zpty -w shell 'source '"$1"
      zpty -w shell 'show() { print -r -- "line=<$BUFFER>"; }; zle -N show; bindkey "^X" show'
      zpty -w shell 'print re""ady'
      zpty -r -m shell seen '*ready*'
      zpty -w -n shell "$2"$'\\t'$'\\x18'
      zpty -r -m shell seen '*line=<*>*'
      print -r -- "$seen"
      zpty -d shell
      """;

  @TempDir Path temp;
  private Path script;

  @BeforeEach
  void writeTheScript() throws IOException {
    script = temp.resolve("completion");
    Files.writeString(script, Launcher.in(temp, "completion", "bash").run().ok().out());
  }

  @Test
  void bashCompletesCommandsOptionsValuesAndNamesOfTheCatalog() {
    assertEquals(List.of("catalog"), bash("modelbake", "cat"));
    assertTrue(bash("modelbake", "mirror", "").containsAll(List.of("export", "import", "push")));
    assertEquals(List.of("--only", "--only-mirrors"), bash("modelbake", "bake", "--onl"));
    assertEquals(List.of("plain"), bash("modelbake", "bake", "--progress", "pl"));
    assertEquals(List.of("zsh"), bash("modelbake", "completion", "z"));
    assertTrue(bash("modelbake", "catalog", "show", "rembg/u2netp").contains("rembg/u2netp"));
  }

  @Test
  void bashCompletesTheNamesOfManifests() throws IOException {
    Path manifest = Files.writeString(temp.resolve("models.yaml"), "");

    assertEquals(List.of(manifest.toString()), bash("modelbake", "bake", temp + "/mod"));
    assertEquals(List.of(manifest.toString()), bash("modelbake", "lint", temp + "/mod"));
  }

  @Test
  void zshCompletesCommandsAndOptions() {
    Peers.require("zsh");

    assertTrue(zsh("modelbake cat").contains("line=<modelbake catalog"));
    assertTrue(zsh("modelbake bake --only-m").contains("line=<modelbake bake --only-mirrors"));
    assertTrue(zsh("modelbake env --format dock").contains("--format dockerfile"));
  }

  /** Also where a colon ends a word, as it does in bash. */
  @Test
  void bothShellsCompleteModelsOfTheCatalogAsManifests() {
    Peers.require("zsh");

    for (String command : List.of("bake", "mirror export", "pin")) {
      String line = "modelbake " + command + " catalog:rembg/u2net_h";
      String whole = "line=<" + line + "uman_seg";
      assertTrue(typed(TYPE_INTO_BASH, line).contains(whole), command);
      assertTrue(zsh(line).replace("\\:", ":").contains(whole), command);
    }
  }

  @Test
  void bothShellsGetTheSameScript() throws IOException {
    assertEquals(Files.readString(script), Launcher.in(temp, "completion", "zsh").run().ok().out());
  }

  @Test
  void wordsThatTheScriptDoesNotKnowAreNamesOfFiles() throws IOException {
    String text = Files.readString(script);

    assertTrue(
        text.contains("complete -F _complete_modelbake_or_catalog -o default modelbake"), text);
    assertFalse(text.contains("+o default"), "nothing takes that back");
  }

  private List<String> bash(String... words) {
    return Program.of("bash", "--norc", "-c", ASK_BASH, "bash", script)
        .and((Object[]) words)
        .run()
        .ok()
        .out()
        .lines()
        .map(String::strip)
        .sorted()
        .toList();
  }

  private String zsh(String line) {
    return typed(TYPE_INTO_ZSH, line);
  }

  private String typed(String program, String line) {
    return Program.of("zsh", "-f", "-c", program, "zsh", script, line, temp).run().ok().out();
  }
}
