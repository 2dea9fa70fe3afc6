package dev.modelbake.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.Mutants;
import org.junit.jupiter.api.Test;

class AccountsMutationTest {
  @Test
  void noMutationOfPasswdOrGroupBreaksTheReader() {
    Mutants.of(
            """
            root:x:0:0:root:/root:/bin/bash
            app:x:1000:1000::/home/app:/bin/sh
            nobody:x:65534:65534:nobody:/:/sbin/nologin
            """)
        .with(":", "::", "+@netgroup", "4294967295", "app:x:", "\u0000")
        .readAsTexts(
            text -> {
              Accounts accounts = Accounts.parse(text, text);
              accounts.user("app").ifPresent(user -> assertTrue(user.uid() >= 0));
              accounts.user(1000L);
              accounts.group("app");
            });
  }
}
