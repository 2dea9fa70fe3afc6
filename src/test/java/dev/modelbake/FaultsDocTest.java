package dev.modelbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.FaultCase;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * docs/faults.md is made from faults.txt and from the tests that name their cases with {@link
 * FaultCase}: {@code -Dmodelbake.write.docs=true} writes it anew.
 */
class FaultsDocTest {
  private static final Path CASES = Path.of("src/test/resources/dev/modelbake/faults.txt");
  private static final Path DOCUMENT = Path.of("docs/faults.md");
  private static final int NUMBER = 165;

  /** {@code why} there is no test; empty when there are some. */
  private record Case(int number, String trigger, String behaviour, String exit, String why) {}

  private static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    for (String line : Files.readAllLines(CASES)) {
      if (!line.startsWith("#") && !line.isBlank()) {
        String[] parts = line.split(" \\| ", 5);
        String why = parts.length < 5 ? "" : parts[4];
        cases.add(new Case(Integer.parseInt(parts[0]), parts[1], parts[2], parts[3], why));
      }
    }
    return cases;
  }

  /** The names of the tests of each case, in the order of the alphabet. */
  private static SortedMap<Integer, SortedSet<String>> tests() {
    SortedMap<Integer, SortedSet<String>> tests = new TreeMap<>();
    for (Class<?> type :
        ReflectionSupport.findAllClassesInPackage("dev.modelbake", all -> true, all -> true)) {
      add(tests, type, type.getSimpleName());
      for (Method method : type.getDeclaredMethods()) {
        add(tests, method, type.getSimpleName() + "." + method.getName());
      }
    }
    return tests;
  }

  private static void add(
      SortedMap<Integer, SortedSet<String>> tests, AnnotatedElement element, String name) {
    FaultCase fault = element.getAnnotation(FaultCase.class);
    for (int number : fault == null ? new int[0] : fault.value()) {
      tests.computeIfAbsent(number, any -> new TreeSet<>()).add(name);
    }
  }

  @Test
  void everyCaseIsThereOnce() throws IOException {
    List<Integer> numbers = cases().stream().map(Case::number).toList();
    assertEquals(Stream.iterate(1, n -> n + 1).limit(NUMBER).toList(), numbers);
  }

  @Test
  void everyCaseHasATestOrAReasonWhyNot() throws IOException {
    Set<Integer> reasoned =
        cases().stream()
            .filter(one -> !one.why().isEmpty())
            .map(Case::number)
            .collect(Collectors.toSet());
    Set<Integer> tested = tests().keySet();
    for (int number = 1; number <= NUMBER; number++) {
      assertTrue(tested.contains(number) != reasoned.contains(number), "case " + number);
    }
    assertTrue(tested.stream().allMatch(number -> number >= 1 && number <= NUMBER));
  }

  @Test
  void theDocumentIsThatOfTheCases() throws IOException {
    String document = document(cases(), tests());
    if (Boolean.getBoolean("modelbake.write.docs")) {
      Files.writeString(DOCUMENT, document);
      return;
    }
    assertEquals(document, Files.readString(DOCUMENT));
  }

  private static String document(List<Case> cases, SortedMap<Integer, SortedSet<String>> tests) {
    StringBuilder text =
        new StringBuilder(
            """
            # Faults

            What can go wrong, what modelbake does about it, how it ends, and which test shows it. Made from `src/test/resources/dev/modelbake/faults.txt` and from the tests, which name their cases with `@FaultCase`. Two things hold of every case: exit 0 means that every file stands at its place with the pinned bytes, owner and mode; and no wrong byte is ever at a final path.

            %d of %d cases are shown by a test; of the others it is said why they have none. Tests whose names end in `IT` are integration tests, and some long ones run with `mvn -Pchaos verify` only; [reliability.md](reliability.md) says how the rest is found.

            | | what happens | what modelbake does | exit | shown by |
            |---:|---|---|---|---|
            """
                .formatted(tests.size(), cases.size()));
    for (Case one : cases) {
      String proof =
          tests.containsKey(one.number())
              ? "`" + String.join("`, `", tests.get(one.number())) + "`"
              : one.why();
      text.append(
          "| %d | %s | %s | %s | %s |\n"
              .formatted(one.number(), one.trigger(), one.behaviour(), one.exit(), proof));
    }
    return text.toString();
  }
}
