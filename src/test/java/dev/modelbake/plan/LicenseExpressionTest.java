package dev.modelbake.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LicenseExpressionTest {
  @ParameterizedTest
  @CsvSource({
    "MIT, true",
    "GPL-3.0, false",
    "MIT AND GPL-3.0, false",
    "MIT OR GPL-3.0, true",
    "(GPL-3.0), false",
    "(MIT), true",
    "MIT AND (GPL-3.0 OR BSD-3-Clause), true",
    "MIT and gpl-3.0, false",
    "GPL-3.0 OR (MIT AND GPL-3.0), false",
    "Apache-2.0 WITH LLVM-exception, true",
    "GPL-3.0 WITH GCC-exception, false",
    "MIT GPL-3.0, false",
    "MIT BSD, true",
    "(MIT, false",
    "MIT), true",
    "AND, true"
  })
  void alternativesAreAChoiceAndJoinedTermsAllCount(String text, boolean expected) {
    assertEquals(
        expected,
        LicenseExpression.isAllowed(text, one -> !one.toLowerCase(Locale.ROOT).contains("gpl")));
  }

  @Test
  void whatSaysNothingIsNoLicence() {
    assertTrue(LicenseExpression.isOne("MIT"));
    for (String text : new String[] {"", " ", "NOASSERTION", "none"}) {
      assertFalse(LicenseExpression.isOne(text), text);
    }
  }
}
