package dev.modelbake.cli;

import dev.modelbake.model.Printable;
import dev.modelbake.model.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command line that cannot be read, in words. */
final class Misuse {
  private static final int LONGEST_TEXT = 300;
  private static final int LONGEST_WORD = 80;

  private final ParameterException failure;
  private final CommandLine command;

  Misuse(ParameterException failure) {
    this.failure = failure;
    this.command = failure.getCommandLine();
  }

  /** What is wrong, what was probably meant, and where to read on. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("error: " + what());
    meant().ifPresent(known -> lines.add("Did you mean " + known + "?"));
    lines.add("Try `" + command.getCommandSpec().qualifiedName() + " --help`.");
    return lines;
  }

  private String what() {
    if (failure instanceof UnmatchedArgumentException unmatched) {
      String name = command.getCommandSpec().qualifiedName();
      String word = quoted(word(unmatched));
      return unmatched.isUnknownOption()
          ? name + " has no option " + word
          : command.getSubcommands().isEmpty()
              ? name + " takes no further argument, and here is " + word
              : name + " has no command " + word;
    }
    ArgSpec argument = failure.getArgSpec();
    List<String> commands = List.copyOf(command.getSubcommands().keySet());
    if (argument == null && !commands.isEmpty()) {
      return command.getCommandSpec().qualifiedName() + " needs a command: " + listed(commands);
    }
    if (argument != null && failure.getValue() != null) {
      String name = argument.isOption() ? ((OptionSpec) argument).longestName() : "this argument";
      if (argument.type().isEnum()) {
        return name + " takes " + listed(choices(argument)) + ", not " + quoted(failure.getValue());
      }
      if (argument.type().isPrimitive() || Number.class.isAssignableFrom(argument.type())) {
        return name + " takes a whole number, not " + quoted(failure.getValue());
      }
    }
    String message = failure.getMessage() == null ? "wrong usage" : failure.getMessage();
    return Printable.of(message, LONGEST_TEXT);
  }

  private Optional<String> meant() {
    if (failure instanceof UnmatchedArgumentException unmatched) {
      List<String> known = new ArrayList<>(command.getSubcommands().keySet());
      command.getCommandSpec().options().forEach(option -> known.addAll(List.of(option.names())));
      // Two options of one letter have nothing in common.
      known.removeIf(name -> name.length() <= 2);
      return Suggestion.closest(word(unmatched), known);
    }
    ArgSpec argument = failure.getArgSpec();
    return argument != null && argument.type().isEnum() && failure.getValue() != null
        ? Suggestion.closest(failure.getValue(), choices(argument))
        : Optional.empty();
  }

  private static String word(UnmatchedArgumentException unmatched) {
    return unmatched.getUnmatched().get(0).split("=", 2)[0];
  }

  private static List<String> choices(ArgSpec argument) {
    List<String> choices = new ArrayList<>();
    for (Object choice : argument.type().getEnumConstants()) {
      choices.add(choice.toString());
    }
    return choices;
  }

  private static String listed(List<String> words) {
    int last = words.size() - 1;
    return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  private static String quoted(String word) {
    return "'" + Printable.of(word, LONGEST_WORD) + "'";
  }
}
