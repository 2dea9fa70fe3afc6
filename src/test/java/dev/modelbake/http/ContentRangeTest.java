package dev.modelbake.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentRangeTest {
  @ParameterizedTest
  @CsvSource({
    "bytes 5-9/10, 5, true",
    "' bytes 5-9/10 ', 5, true",
    "bytes 4-9/10, 5, false",
    "bytes 5-8/10, 5, false",
    "bytes 5-9/*, 5, false",
    "bytes */10, 5, false",
    "bytes 9-5/10, 9, false",
    "bytes 5-10/10, 5, false",
    "bytes 5-99999999999999999999/10, 5, false",
    "bytes=5-9/10, 5, false",
    "'bytes 5-9/10, bytes 0-1/10', 5, false"
  })
  void onlyTheExactRestGoesOn(String value, long offset, boolean goesOn) {
    assertEquals(
        goesOn, ContentRange.parse(value).filter(range -> range.isRestFrom(offset)).isPresent());
  }
}
