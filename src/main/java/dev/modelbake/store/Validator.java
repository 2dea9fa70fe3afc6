package dev.modelbake.store;

import dev.modelbake.digest.Hasher;
import dev.modelbake.model.DigestAlgorithm;
import dev.modelbake.model.SourceUrl;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where bytes came from and which version of it they were.
 *
 * @param key stands for the URL, whose query may be a secret
 * @param tag a strong entity tag in its quotes (RFC 9110, section 8.8.3)
 */
public record Validator(String key, Optional<String> tag) {
  private static final Pattern TAG = Pattern.compile("\"[\\x21\\x23-\\x7e]{0,256}\"");
  private static final int KEY = 32;

  public Validator {
    tag = tag.filter(text -> TAG.matcher(text).matches());
  }

  /** A version of what a URL gives. */
  public static Validator of(SourceUrl url, Optional<String> tag) {
    Hasher hasher = Hasher.of(List.of());
    hasher.update(ByteBuffer.wrap(url.uri().toString().getBytes(StandardCharsets.UTF_8)));
    String hex = hasher.finish().get(DigestAlgorithm.SHA256).hex();
    return new Validator(hex.substring(0, KEY), tag);
  }

  /** Whether both are of one URL. */
  public boolean isSameSource(Validator other) {
    return key.equals(other.key);
  }
}
