package dev.modelbake.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Markdown document of the project: its blocks of code, its headings, its links. */
public record Document(Path path, List<String> lines) {
  private static final Pattern LINK = Pattern.compile("]\\(([^()\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final String FENCE = "```";

  /** Every document that a reader may come across, the same order each time. */
  public static List<Document> all() throws IOException {
    List<Path> paths = new ArrayList<>();
    for (Path directory : List.of(Path.of(""), Path.of("docs"))) {
      try (Stream<Path> files = Files.list(directory)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(paths::add);
      }
    }
    List<Document> documents = new ArrayList<>();
    for (Path path : paths) {
      documents.add(read(path));
    }
    return documents;
  }

  /** The document in this file, named as seen from the directory of the project. */
  public static Document read(Path path) throws IOException {
    return new Document(path, Files.readAllLines(path));
  }

  /** The fenced blocks, in order. */
  public List<CodeBlock> blocks() {
    List<CodeBlock> blocks = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith(FENCE)) {
        int end = i + 1;
        while (!lines.get(end).strip().equals(FENCE)) {
          end++;
        }
        String language = line.substring(FENCE.length());
        blocks.add(
            new CodeBlock(
                path,
                i + 1,
                language,
                List.copyOf(remarks),
                String.join("\n", lines.subList(i + 1, end)).stripIndent().lines().toList()));
        remarks.clear();
        i = end;
      } else if (line.startsWith("<!--") && line.endsWith("-->")) {
        remarks.add(line.substring("<!--".length(), line.length() - "-->".length()).strip());
      } else {
        remarks.clear();
      }
    }
    return blocks;
  }

  /** The lines outside of blocks. */
  public List<String> prose() {
    List<String> prose = new ArrayList<>();
    boolean code = false;
    for (String line : lines) {
      boolean fence = line.strip().startsWith(FENCE);
      code ^= fence;
      if (!code && !fence) {
        prose.add(line);
      }
    }
    return prose;
  }

  /** What stands between backquotes outside of blocks. */
  public List<String> inlineCode() {
    return prose().stream()
        .flatMap(line -> CODE.matcher(line).results().map(match -> match.group(1)))
        .toList();
  }

  /** Where links and pictures lead, as written. */
  public List<String> links() {
    return prose().stream()
        .map(line -> CODE.matcher(line).replaceAll("``"))
        .flatMap(line -> LINK.matcher(line).results())
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  /** The names of its headings in links, as the usual viewers make them. */
  public Set<String> anchors() {
    Set<String> anchors = new TreeSet<>();
    for (String line : prose()) {
      if (line.startsWith("#")) {
        String text = line.replaceFirst("^#+ +", "").toLowerCase(Locale.ROOT);
        String name = text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
        for (int i = 1; !anchors.add(i == 1 ? name : name + "-" + (i - 1)); i++) {}
      }
    }
    return anchors;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
