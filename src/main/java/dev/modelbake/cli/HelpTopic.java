package dev.modelbake.cli;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;

/** What options are about; the order of the topics and of the names is that of the help. */
enum HelpTopic {
  /** Everything that is not named below. */
  OWN("Options"),
  SELECTION("Which models", "--only", "--except", "--group", "--env", "--dir"),
  TARGET("Where files go", "--root", "--owner", "--home", "--times"),
  SOURCE(
      "Where bytes come from", "--mirror", "--only-mirrors", "--offline", "--rewrite", "--store"),
  ACCESS(
      "How hosts are reached",
      "--headers-file",
      "--cacert",
      "--allow-host",
      "--insecure-registry",
      "--site"),
  TRUST("Whose signatures count", "--trusted-key", "--min-counter"),
  TRANSFER(
      "How bytes are moved",
      "--jobs",
      "--connections",
      "--deadline",
      "--min-speed",
      "--max-download"),
  OUTPUT(
      "What is written and said",
      "--report",
      "--receipt",
      "--sums",
      "--json",
      "--progress",
      "--color",
      "--verbose",
      "--quiet",
      "--help",
      "--version");

  private final String heading;

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes it
  private final List<String> names;

  HelpTopic(String heading, String... names) {
    this.heading = heading;
    this.names = List.of(names);
  }

  String heading() {
    return heading;
  }

  List<String> names() {
    return names;
  }

  /** Those of a command's options that are about this. */
  List<OptionSpec> of(List<OptionSpec> options) {
    if (this == OWN) {
      return options.stream().filter(option -> !isNamed(option.longestName())).toList();
    }
    return names.stream()
        .flatMap(name -> options.stream().filter(option -> option.longestName().equals(name)))
        .toList();
  }

  private static boolean isNamed(String option) {
    return Stream.of(values()).anyMatch(topic -> topic.names.contains(option));
  }
}
