package dev.modelbake.oci;

import dev.modelbake.model.Digest;
import dev.modelbake.model.SourceUrl;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A repository of a registry, as {@code oci://HOST[:PORT]/NAME} names it.
 *
 * @param host with its port, when one was given
 * @param name as the OCI Distribution Specification has it: lower case
 */
public record Repository(String host, String name) {
  private static final String SCHEME = "oci://";
  private static final int LONGEST = 255;
  private static final int HIGHEST_PORT = 65_535;
  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");

  public Repository {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "a repository's name is lower case letters and digits, with . _ - between them and /"
              + " between parts");
    }
  }

  /** Whether a text may be the name of a repository. */
  public static boolean isName(String text) {
    return text.length() <= LONGEST && NAME.matcher(text).matches();
  }

  /** Whether a text means a repository. */
  public static boolean isOne(String text) {
    return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  /**
   * Reads {@code oci://HOST[:PORT]/NAME}.
   *
   * @throws IllegalArgumentException with the reason
   */
  public static Repository parse(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '/') {
      end--;
    }
    SourceUrl url = SourceUrl.parse(text.substring(0, end));
    String path = url.uri().getRawPath();
    if (!url.scheme().equals("oci") || path == null || path.length() < 2) {
      throw new IllegalArgumentException("a registry's repository is oci://HOST/NAME");
    }
    if (url.uri().getRawQuery() != null || url.uri().getRawFragment() != null) {
      throw new IllegalArgumentException("a repository has neither ? nor #");
    }
    if (url.uri().getPort() == 0 || url.uri().getPort() > HIGHEST_PORT) {
      throw new IllegalArgumentException("the port is not 1 to " + HIGHEST_PORT);
    }
    return new Repository(url.uri().getRawAuthority().toLowerCase(Locale.ROOT), path.substring(1));
  }

  /** The source that one blob of this repository is. */
  public SourceUrl blob(Digest digest) {
    return SourceUrl.parse(this + "@" + digest);
  }

  /** A repository and one of its blobs. */
  public record BlobReference(Repository repository, Digest digest) {
    /**
     * Reads what {@link Repository#blob} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static BlobReference parse(SourceUrl url) {
      String text = url.uri().toString();
      int at = text.lastIndexOf("@sha256:");
      if (at < 0) {
        throw new IllegalArgumentException("an oci: source ends with @sha256:DIGEST");
      }
      return new BlobReference(
          Repository.parse(text.substring(0, at)),
          Digest.sha256(text.substring(at + "@sha256:".length())));
    }
  }

  @Override
  public String toString() {
    return SCHEME + host + "/" + name;
  }
}
