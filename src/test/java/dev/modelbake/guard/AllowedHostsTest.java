package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.modelbake.model.UsageException;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** One table of cases, for the rule in Java and for the one in Python. */
class AllowedHostsTest {
  private static final Path TABLE =
      Path.of("src/test/resources/dev/modelbake/guard/allowed-hosts.csv");

  @ParameterizedTest
  @CsvFileSource(resources = "allowed-hosts.csv")
  void aRuleCoversWhatItNamesInJava(String rule, String host, int port, String covered) {
    if (covered.equals("invalid")) {
      assertThrows(UsageException.class, () -> new AllowedHosts(List.of(rule)));
    } else {
      boolean expected = Boolean.parseBoolean(covered);
      assertEquals(expected, new AllowedHosts(List.of(rule)).covers(host, port));
    }
  }

  @Test
  void aRuleCoversTheSameInPython() throws IOException {
    Peers.requirePython("/usr/bin/python3", "socket");
    String cases =
        """
        import sys
        sys.dont_write_bytecode = True
        sys.path.insert(0, "src/main/resources/guard")
        import modelbake_guard as guard
        for line in sys.stdin.buffer.read().decode("utf-8").splitlines():
            if line.startswith("#"):
                continue
            rule, host, port, expected = [word.strip() for word in line.split(",")]
            try:
                rules, name = [guard._rule(rule)], guard._host(host)
                open_ = guard._is_local(name) or guard._covers(rules, name, int(port))
                found = str(open_).lower()
            except ValueError:
                found = "invalid"
            if found != expected:
                print(line, "but", found)
        """;
    Program.Ended ended =
        Program.of("sh", "-c", "exec /usr/bin/python3 -c \"$0\" < \"$1\"", cases, TABLE).run();
    assertEquals("", ended.all());
    assertEquals(true, Files.size(TABLE) > 1000, "the table has cases");
  }
}
