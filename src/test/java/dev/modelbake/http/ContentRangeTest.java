package dev.modelbake.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
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
    Get.Part rest = new Get.Part(offset, OptionalLong.empty());
    assertEquals(
        goesOn, ContentRange.parse(value).filter(range -> range.isExactly(rest)).isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "bytes 5-7/10, true",
    "bytes 5-9/10, false",
    "bytes 5-6/10, false",
    "bytes 6-7/10, false",
    "bytes 5-7/*, false"
  })
  void onlyTheExactPartIsTheOneAskedFor(String value, boolean exact) {
    Get.Part part = new Get.Part(5, OptionalLong.of(8));
    assertEquals(
        exact, ContentRange.parse(value).filter(range -> range.isExactly(part)).isPresent());
  }
}
