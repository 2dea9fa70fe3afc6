package dev.modelbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/faults.md is made from faults.txt: {@code -Dmodelbake.write.docs=true} writes it anew. Every
 * test that a case names exists.
 */
class FaultsDocTest {
  private static final Path CASES = Path.of("src/test/resources/dev/modelbake/faults.txt");
  private static final Path DOCUMENT = Path.of("docs/faults.md");
  private static final int NUMBER = 165;

  private record Fault(int number, String trigger, String behaviour, String exit, String proof) {
    boolean isElsewhere() {
      return proof.startsWith("n/a: ");
    }

    List<String> tests() {
      return isElsewhere() ? List.of() : List.of(proof.split(", ", -1));
    }
  }

  private static List<Fault> faults() throws IOException {
    List<Fault> faults = new ArrayList<>();
    for (String line : Files.readAllLines(CASES)) {
      if (!line.startsWith("#") && !line.isBlank()) {
        String[] parts = line.split(" \\| ", 5);
        faults.add(new Fault(Integer.parseInt(parts[0]), parts[1], parts[2], parts[3], parts[4]));
      }
    }
    return faults;
  }

  @Test
  void everyCaseIsThereOnce() throws IOException {
    List<Integer> numbers = faults().stream().map(Fault::number).toList();
    assertEquals(Stream.iterate(1, n -> n + 1).limit(NUMBER).toList(), numbers);
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        sources.put(name, Files.readString(file));
      }
    }
    for (Fault fault : faults()) {
      for (String test : fault.tests()) {
        String[] parts = test.split("\\.", 2);
        String source = sources.getOrDefault(parts[0], "");
        boolean there =
            parts.length == 1 ? source.contains("Test") : source.contains(" " + parts[1] + "(");
        assertTrue(there, fault.number() + ": " + test);
      }
    }
  }

  @Test
  void theDocumentIsThatOfTheCases() throws IOException {
    String document = document(faults());
    if (Boolean.getBoolean("modelbake.write.docs")) {
      Files.writeString(DOCUMENT, document);
      return;
    }
    assertEquals(document, Files.readString(DOCUMENT));
  }

  private static String document(List<Fault> faults) {
    StringBuilder text =
        new StringBuilder(
            """
            # Faults

            What can go wrong, what modelbake does about it, how it ends, and which test shows it. Made from `src/test/resources/dev/modelbake/faults.txt`. Two things hold of every case: exit 0 means that every file stands at its place with the pinned bytes, owner and mode; and no wrong byte is ever at a final path.

            %d of %d cases are shown by a test; of the others it is said why they have none. Tests whose names end in `IT` are integration tests, and some long ones run with `mvn -Pchaos verify` only; [reliability.md](reliability.md) says how the rest is found.

            | | what happens | what modelbake does | exit | shown by |
            |---:|---|---|---|---|
            """
                .formatted(
                    faults.stream().filter(fault -> !fault.tests().isEmpty()).count(),
                    faults.size()));
    for (Fault fault : faults) {
      text.append(
          "| %d | %s | %s | %s | %s |\n"
              .formatted(
                  fault.number(), fault.trigger(), fault.behaviour(), fault.exit(), proof(fault)));
    }
    return text.toString();
  }

  private static String proof(Fault fault) {
    return fault.isElsewhere()
        ? fault.proof().substring("n/a: ".length())
        : "`" + String.join("`, `", fault.tests()) + "`";
  }
}
