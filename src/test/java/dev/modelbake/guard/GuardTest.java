package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.guard.Attempt.Caller;
import dev.modelbake.guard.Attempt.Sight;
import dev.modelbake.guard.Attempt.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GuardTest {
  private static Attempt attempt(String host, Sight sight, int line, long count) {
    return new Attempt(
        host,
        443,
        Verdict.REFUSED,
        new TreeSet<>(List.of(sight)),
        Optional.empty(),
        Optional.of(new Caller("lib/a.py", line, "get", Optional.empty(), List.of())),
        Optional.empty(),
        count);
  }

  @Test
  void attemptsOfOneLineForOneHostAreOne() {
    List<Attempt> merged =
        Guard.merged(
            List.of(
                attempt("b.example", Sight.LOOKUP, 7, 2),
                attempt("b.example", Sight.CONNECT, 7, 3),
                attempt("b.example", Sight.LOOKUP, 8, 1),
                attempt("a.example", Sight.LOOKUP, 7, 1)));
    assertEquals(
        List.of("a.example 7 1", "b.example 7 3", "b.example 8 1"),
        merged.stream()
            .map(one -> one.host() + " " + one.caller().get().line() + " " + one.count())
            .toList());
    assertEquals(new TreeSet<>(List.of(Sight.LOOKUP, Sight.CONNECT)), merged.get(1).seen());
  }

  @Test
  void aRequestThatHookAndProxyLetPassIsCountedOnce() {
    Attempt hooked = allowed("lib", Sight.CONNECT, 2);
    Attempt proxied = allowed("python3 (7)", Sight.PROXY, 3);
    assertEquals(
        List.of(2L, 1L),
        Guard.merged(List.of(proxied, hooked, allowed("lib", Sight.LOOKUP, 2))).stream()
            .map(Attempt::count)
            .toList());
    assertEquals(1, Guard.merged(List.of(hooked, allowed("python3 (7)", Sight.PROXY, 2))).size());
  }

  private static Attempt allowed(String program, Sight sight, long count) {
    return new Attempt(
        "a.example",
        443,
        Verdict.ALLOWED,
        new TreeSet<>(List.of(sight)),
        Optional.empty(),
        Optional.empty(),
        Optional.of(program),
        count);
  }
}
