package dev.modelbake.hub;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way from one page of a list to the next, by {@code Link} with {@code rel="next"} (RFC 8288).
 *
 * <p>Only the query of the link is used: the other pages are asked from where the first came, also
 * when a mirror of the hub repeats the hub's own links.
 */
final class Pages {
  private static final Pattern NEXT =
      Pattern.compile("<[^<>?#]*+(\\?[^<>#]*+)[^<>]*+>\\s*+;[^,<]*\\brel=\"?next\\b");
  private static final Pattern QUERY =
      Pattern.compile("\\?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]{1,4096}");

  private final String url;
  private final Failures failures;
  private final Set<String> asked = new HashSet<>();

  Pages(String url, Failures failures) {
    this.url = url;
    this.failures = failures;
  }

  /** The page after this one; empty after the last. */
  Optional<String> next(Document page) {
    Matcher next = NEXT.matcher(page.link().orElse(""));
    if (!next.find()) {
      return Optional.empty();
    }
    String query = next.group(1);
    if (!QUERY.matcher(query).matches()) {
      throw failures.unusable("the link to the next page is no URL", null);
    }
    if (!asked.add(query)) {
      throw failures.unusable("a list without end (its pages lead back to each other)", null);
    }
    return Optional.of(url + query);
  }
}
