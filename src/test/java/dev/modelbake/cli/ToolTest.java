package dev.modelbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line inside another program. */
class ToolTest {
  private static final ToolProvider TOOL = ToolProvider.findFirst("modelbake").orElseThrow();

  @TempDir Path work;

  private record Run(int code, String out, String err) {}

  private static Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = TOOL.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Run(code, out.toString(), err.toString());
  }

  private String[] bake(String root) throws IOException {
    byte[] model = "grüße".getBytes(StandardCharsets.UTF_8);
    Files.write(work.resolve("m.bin"), model);
    Path manifest = work.resolve("models.yaml");
    Files.writeString(
        manifest,
        """
        schema: modelbake/1
        models:
          - name: m
            dir: /opt/m
            files: [{url: "file:m.bin", sha256: %s, size: %d}]
        """
            .formatted(Digest.ofBytes(model).hex(), model.length));
    Path directory = Files.createDirectories(work.resolve(root));
    return new String[] {
      "bake", "--owner", "self", "--root", directory.toString(), manifest.toString()
    };
  }

  @Test
  void itRunsTwiceInOneProcessAndChangesNothingOfIt() throws IOException {
    Properties properties = (Properties) System.getProperties().clone();
    Locale locale = Locale.getDefault();
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream caught = new PrintStream(printed, true, StandardCharsets.UTF_8);
    try {
      System.setOut(caught);
      System.setErr(caught);
      Run first = run(bake("root"));
      assertEquals(0, first.code(), first.err());
      assertEquals("", first.out());
      assertTrue(first.err().contains("m/m.bin"), first.err());
      Run second = run(bake("root"));
      assertEquals(0, second.code(), second.err());
      assertTrue(second.err().contains("1 already right"), second.err());
      assertSame(caught, System.out);
      assertSame(caught, System.err);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    assertEquals("", printed.toString(StandardCharsets.UTF_8));
    assertEquals(properties, System.getProperties());
    assertEquals(locale, Locale.getDefault());
  }

  @Test
  void runsMayOverlapAndKeepTheirOutputApart() throws Exception {
    List<String[]> commands = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      commands.add(bake("root" + i));
    }
    ExecutorService pool = Executors.newFixedThreadPool(commands.size());
    try {
      CountDownLatch start = new CountDownLatch(commands.size());
      List<Future<Run>> runs = new ArrayList<>();
      for (String[] command : commands) {
        runs.add(
            pool.submit(
                () -> {
                  start.countDown();
                  start.await();
                  return run(command);
                }));
      }
      for (Future<Run> one : runs) {
        assertEquals(0, one.get().code(), one.get().err());
        assertEquals(1, one.get().err().split("fetched m/", -1).length - 1, one.get().err());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void itReturnsTheCodesOfTheProgram() {
    assertEquals(0, run("--version").code());
    assertTrue(run("--help").out().contains("bake"));
    assertEquals(0, run("catalog", "list").code());
    assertEquals(64, run("bakee").code());
    assertEquals(66, run("bake", work.resolve("none.yaml").toString()).code());
  }

  @Test
  void quietSuccessSaysNothing() throws IOException {
    List<String> arguments = new ArrayList<>(List.of(bake("root")));
    arguments.add("-q");
    assertEquals(new Run(0, "", ""), run(arguments.toArray(String[]::new)));
    assertEquals(new Run(0, "", ""), run("demo", "-q"));
  }

  @Test
  void whatWantsTheStreamsOfAProcessIsRefused() {
    for (String command : List.of("guard", "record")) {
      Run run = run(command, "--", "true");
      assertEquals(64, run.code(), run.err());
      assertTrue(run.err().contains("another program's"), run.err());
    }
  }

  @Test
  void aWriterThatFailsIsNoSuccess() {
    Writer broken =
        new Writer() {
          @Override
          public void write(char[] text, int offset, int length) throws IOException {
            throw new IOException("full");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    StringWriter err = new StringWriter();
    assertEquals(74, TOOL.run(new PrintWriter(broken), new PrintWriter(err), "catalog", "list"));
    assertTrue(err.toString().contains("could not be written"), err.toString());
  }

  @Test
  void anInterruptIsItsCode() throws IOException {
    Thread.currentThread().interrupt();
    assertEquals(130, run(bake("root")).code());
    assertTrue(Thread.interrupted());
  }
}
