package dev.modelbake.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * The program with one fault put into it on purpose, to see that the chaos finds it.
 *
 * @param name for the matrix
 * @param seed that finds it first, as far as is known
 * @param edits of its sources; each must fit exactly once
 */
record Mutant(String name, int seed, List<Edit> edits) {
  private static final Path SOURCES = Path.of("src/main/java/dev/modelbake");
  private static final Path RESOURCES = Path.of("src/test/resources/dev/modelbake/chaos");
  private static final Pattern EDIT =
      Pattern.compile("(?s)@ (\\S+)\n<<<<\n(.*?)\n====\n(.*?)>>>>\n");

  /** A change of one source file. */
  record Edit(String file, String from, String to) {}

  /** The mutants of a file. */
  static List<Mutant> read(String file) throws IOException {
    List<Mutant> all = new ArrayList<>();
    String text = Files.readString(RESOURCES.resolve(file));
    for (String section : text.substring(text.indexOf("\n= ") + 3).split("\n= ", -1)) {
      List<Edit> edits = new ArrayList<>();
      Matcher edit = EDIT.matcher(section);
      while (edit.find()) {
        edits.add(new Edit(edit.group(1), edit.group(2), edit.group(3)));
      }
      String[] head = section.substring(0, section.indexOf('\n')).split(", ", 2);
      int seed = head.length == 1 ? 1 : Integer.parseInt(head[1]);
      all.add(new Mutant(head[0], seed, edits));
    }
    return all;
  }

  /**
   * Compiles what differs.
   *
   * @return a directory to put before the program on the class path
   */
  Path compile(Path into) throws IOException {
    Path sources = Files.createDirectories(into.resolve("sources"));
    Path classes = Files.createDirectories(into.resolve("classes"));
    Set<String> changed = new LinkedHashSet<>();
    for (Edit edit : edits) {
      Path copy = sources.resolve(edit.file());
      String text = Files.readString(Files.exists(copy) ? copy : SOURCES.resolve(edit.file()));
      if (text.indexOf(edit.from()) < 0
          || text.indexOf(edit.from()) != text.lastIndexOf(edit.from())) {
        throw new AssertionError(
            "%s does not fit %s: %s".formatted(name, edit.file(), edit.from()));
      }
      Files.createDirectories(Objects.requireNonNull(copy.getParent()));
      Files.writeString(copy, text.replace(edit.from(), edit.to()));
      changed.add(copy.toString());
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> arguments =
        new ArrayList<>(List.of("-nowarn", "-proc:none", "-Xlint:none", "--release", "17"));
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    arguments.addAll(List.of("-d", classes.toString()));
    arguments.addAll(changed);
    if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
      throw new AssertionError(name + " does not compile");
    }
    return classes;
  }
}
