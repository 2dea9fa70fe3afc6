package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CleanUrlTest {
  @ParameterizedTest
  @CsvSource({
    "https://user:pw@host.example/a, https://host.example/a",
    "https://host.example/a@b/c, https://host.example/a@b/c",
    "https://s3.example/a?X-Amz-Signature=1&X-Amz-Credential=2&X-Amz-Expires=3,"
        + " https://s3.example/a",
    "https://host.example/a?download=true&token=abc, https://host.example/a?download=true",
    "https://cdn.example/a?Expires=1&Signature=2&Key-Pair-Id=3&Policy=4, https://cdn.example/a",
    "https://blob.example/a?sv=1&se=2&sr=b&sp=r&sig=x, https://blob.example/a",
    "https://host.example/a?Access_Token=1#frag, https://host.example/a",
    "https://host.example/a b, https://host.example/a%20b",
    "http://host.example:8080/a?v=2, http://host.example:8080/a?v=2",
    "https://host.example/a?pw=tokSECRET&k=1&user=x&p=y, https://host.example/a",
    "https://host.example/a?id=hf_abcdefghijkl&ref=eyJhbGciOiJI.eyJzdWIi.x, https://host.example/a",
    "https://host.example/uc?id=1AbCdEf-gh_1&export=download,"
        + " https://host.example/uc?id=1AbCdEf-gh_1&export=download",
  })
  void nothingSecretStays(String url, String clean) {
    assertEquals(
        Optional.of(clean), CleanUrl.of(url).map(one -> one.uri().toString()), "of " + url);
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://host.example/a",
    "file:///etc/passwd",
    "https://host.example/hf_abcdefghijkl/a",
    "nothing",
    "https://",
    "http://a b/c"
  })
  void whatIsNoWebAddressIsNone(String url) {
    assertEquals(Optional.empty(), CleanUrl.of(url));
  }
}
