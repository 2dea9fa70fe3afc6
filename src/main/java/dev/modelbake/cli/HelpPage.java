package dev.modelbake.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * How {@code --help} looks: as wide as the terminal, options by what they are about, examples at
 * the end. Lines break at spaces only, so that URLs and paths can be copied.
 */
final class HelpPage {
  /** Longer lines are hard to read. */
  private static final int WIDEST = 120;

  private static final int NARROWEST = 60;

  /** With fewer options headings only take room. */
  private static final int MANY = 12;

  /** Where descriptions of options begin, and those of commands. */
  private static final int WIDE = 30;

  private static final int NARROW = 14;

  private HelpPage() {}

  /** Whether a command line asks for it; what stands behind {@code --} is for somebody else. */
  static boolean isWanted(String... args) {
    return Stream.of(args)
        .takeWhile(arg -> !arg.equals("--"))
        .anyMatch(arg -> arg.equals("--help") || arg.equals("-h"));
  }

  /** Sets the page of a command and of all below it. */
  static void arrange(CommandLine command, int columns) {
    CommandSpec spec = command.getCommandSpec();
    int width = Math.max(NARROWEST, Math.min(WIDEST, columns));
    UsageMessageSpec page = spec.usageMessage();
    page.width(width);
    page.abbreviateSynopsis(true);
    List<String> examples = Examples.of(spec.qualifiedName());
    if (!examples.isEmpty()) {
      List<String> footer = new ArrayList<>(List.of("", "Examples:"));
      examples.forEach(example -> footer.add("  " + example));
      footer.addAll(Arrays.asList(page.footer()));
      page.footer(footer.toArray(String[]::new));
    }
    Map<String, IHelpSectionRenderer> sections = new HashMap<>(command.getHelpSectionMap());
    sections.put(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST, help -> parameters(spec, width));
    sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> options(spec, width));
    sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> commands(spec, width));
    command.setHelpSectionMap(sections);
    // After it, since the map goes to those below too.
    command.getSubcommands().values().forEach(below -> arrange(below, columns));
  }

  private static String parameters(CommandSpec spec, int width) {
    StringBuilder rows = new StringBuilder();
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      rows.append(row("  " + parameter.paramLabel(), WIDE, width, parameter.description()));
    }
    return rows.isEmpty() ? "" : "\n" + rows;
  }

  private static String options(CommandSpec spec, int width) {
    Map<HelpTopic, List<OptionSpec>> topics = new LinkedHashMap<>();
    for (HelpTopic topic : HelpTopic.values()) {
      List<OptionSpec> about = topic.of(spec.options());
      if (!about.isEmpty()) {
        topics.put(topic, about);
      }
    }
    boolean headings = spec.options().size() > MANY;
    StringBuilder rows = new StringBuilder(headings ? "" : "\nOptions:\n");
    topics.forEach(
        (topic, about) -> {
          rows.append(headings ? "\n" + topic.heading() + ":\n" : "");
          about.forEach(
              option -> rows.append(row(label(option), WIDE, width, option.description())));
        });
    return rows.toString();
  }

  private static String commands(CommandSpec spec, int width) {
    StringBuilder rows = new StringBuilder();
    spec.subcommands()
        .forEach(
            (name, command) -> {
              // The first line says what it is; the others are for its own page.
              String[] description = command.getCommandSpec().usageMessage().description();
              rows.append(row("  " + name, NARROW, width, description[0]));
            });
    return rows.isEmpty() ? "" : "\nCommands:\n" + rows;
  }

  private static String label(OptionSpec option) {
    String names = String.join(", ", option.names());
    String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
    return (names.startsWith("--") ? "      " : "  ") + names + value;
  }

  private static String row(String label, int indent, int width, String... description) {
    StringBuilder text = new StringBuilder(label);
    // Two spaces at least stand between the columns.
    int column = label.length();
    if (column > indent - 2) {
      text.append('\n');
      column = 0;
    }
    text.append(" ".repeat(indent - column));
    column = indent;
    for (String word : String.join(" ", description).split(" ", -1)) {
      if (column > indent && column + 1 + word.length() > width) {
        text.append('\n').append(" ".repeat(indent));
        column = indent;
      }
      if (column > indent) {
        text.append(' ');
        column++;
      }
      text.append(word);
      column += word.length();
    }
    return text.append('\n').toString();
  }
}
