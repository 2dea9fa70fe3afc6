package dev.modelbake.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A fenced block of a document.
 *
 * @param line of its fence, from 1
 * @param language what the fence says, empty when it says nothing
 * @param remarks the comments right before it, which readers do not see
 */
public record CodeBlock(
    Path document, int line, String language, List<String> remarks, List<String> lines) {

  /** Why nothing here runs it: {@code <!-- not run here: why -->}. */
  public Optional<String> notRun() {
    return remark("not run here:");
  }

  /** The test or script that runs it: {@code <!-- run by NAME -->}. */
  public Optional<String> runBy() {
    return remark("run by");
  }

  /** The file that the reader writes it to: {@code <!-- file: NAME -->}. */
  public Optional<String> file() {
    return remark("file:");
  }

  private Optional<String> remark(String beginning) {
    return remarks.stream()
        .filter(remark -> remark.startsWith(beginning))
        .map(remark -> remark.substring(beginning.length()).strip())
        .findFirst();
  }

  /** Whether it is meant for a shell. */
  public boolean isShell() {
    return language.equals("sh") || language.equals("console");
  }

  /** What a reader types: of a console the lines with a prompt, else all. */
  public String script() {
    return String.join(
            "\n",
            language.equals("console")
                ? lines.stream()
                    .filter(line -> line.startsWith("$ "))
                    .map(line -> line.substring(2))
                    .toList()
                : lines)
        + "\n";
  }

  /** The whole text. */
  public String text() {
    return String.join("\n", lines) + "\n";
  }

  /** The words of each call of modelbake in it, without the program's own name. */
  public List<List<String>> calls() {
    return calls(script());
  }

  /** The same of any text with shell commands in it. */
  public static List<List<String>> calls(String script) {
    List<List<String>> calls = new ArrayList<>();
    for (List<String> command : ShellWords.commands(script)) {
      int first = 0;
      while (first < command.size() && isBefore(command.get(first))) {
        first++;
      }
      if (first < command.size() && isProgram(command.get(first))) {
        calls.add(command.subList(first + 1, command.size()));
      }
    }
    return calls;
  }

  private static boolean isBefore(String word) {
    return word.matches("RUN|exec|sudo|time|-|run:|--[a-z]+=.*|[A-Za-z_]+=.*");
  }

  private static boolean isProgram(String word) {
    return word.equals("modelbake") || word.endsWith("bin/modelbake");
  }

  @Override
  public String toString() {
    return document + ":" + line;
  }
}
