package dev.modelbake.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs {@code modelbake demo} and draws what it wrote as an SVG: {@code java
 * src/build/java/dev/modelbake/build/TerminalPicture.java docs/demo.svg}, after {@code mvn
 * package}.
 */
public final class TerminalPicture {
  private static final int CHARACTER_WIDTH = 8;
  private static final int LINE_HEIGHT = 18;
  private static final int MARGIN = 16;
  private static final int COLUMNS = 118;
  private static final Pattern STYLE = Pattern.compile("\u001b\\[([0-9;]*)m");
  private static final Map<String, String> FILLS =
      Map.of(
          "31", "#f97583", "32", "#85e89d", "33", "#ffea7f", "34", "#79b8ff", "36", "#76e3ea", "2",
          "#959da5", "90", "#959da5");

  private TerminalPicture() {}

  /** Takes the file to write. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Process demo =
        new ProcessBuilder(
                "target/modelbake/bin/modelbake",
                "demo",
                "--color",
                "always",
                "--progress",
                "plain")
            .redirectErrorStream(true)
            .start();
    String text = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (demo.waitFor() != 0) {
      throw new IllegalStateException("the demo failed:\n" + text);
    }
    Files.writeString(Path.of(args[0]), svg(("$ modelbake demo\n" + text).lines().toList()));
  }

  private static String svg(List<String> lines) {
    StringBuilder rows = new StringBuilder();
    int row = 0;
    for (String line : lines) {
      for (String part : folded(line)) {
        int y = MARGIN + LINE_HEIGHT * ++row;
        rows.append("  <text x=\"%d\" y=\"%d\">%s</text>\n".formatted(MARGIN, y, styled(part)));
      }
    }
    int width = 2 * MARGIN + COLUMNS * CHARACTER_WIDTH;
    int height = 2 * MARGIN + LINE_HEIGHT * row;
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d">
      <rect width="100%%" height="100%%" rx="8" fill="#1f2428"/>
      <g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" fill="#e1e4e8" xml:space="preserve">
    %3$s  </g>
    </svg>
    """
        .formatted(width, height, rows);
  }

  private static List<String> folded(String line) {
    int visible = STYLE.matcher(line).replaceAll("").length();
    if (visible <= COLUMNS) {
      return List.of(line);
    }
    int cut = line.lastIndexOf(' ', COLUMNS);
    return List.of(line.substring(0, cut), "      " + line.substring(cut + 1));
  }

  private static String styled(String line) {
    StringBuilder out = new StringBuilder();
    Matcher style = STYLE.matcher(line);
    int from = 0;
    boolean open = false;
    while (style.find()) {
      out.append(escaped(line.substring(from, style.start())));
      out.append(open ? "</tspan>" : "");
      String fill = FILLS.getOrDefault(style.group(1), "");
      boolean bold = style.group(1).equals("1");
      open = bold || !fill.isEmpty();
      out.append(
          !open ? "" : bold ? "<tspan font-weight=\"bold\">" : "<tspan fill=\"" + fill + "\">");
      from = style.end();
    }
    return out.append(escaped(line.substring(from))).append(open ? "</tspan>" : "").toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
