package dev.modelbake.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a platform team decides for every build of its site.
 *
 * @param at the file
 * @param mirrors tried after those of the command line and before everything else
 * @param onlyMirrors where it says so, when it does
 * @param rewrites URL prefixes and what takes their place, in order
 * @param ca certificate authorities to trust in addition, in PEM form
 * @param trustedKeys keys as text, or absolute paths of their files
 */
public record Site(
    Location at,
    List<Text> mirrors,
    Optional<Location> onlyMirrors,
    Map<Text, Text> rewrites,
    Optional<Authorities> ca,
    List<Text> trustedKeys,
    Policy policy) {
  public Site {
    mirrors = List.copyOf(mirrors);
    rewrites = Collections.unmodifiableMap(new LinkedHashMap<>(rewrites));
    trustedKeys = List.copyOf(trustedKeys);
  }

  /** A file of certificates, and where the site names it. */
  public record Authorities(Path file, Location at) {}

  /** One line for each rule that counts, so that nobody has to guess where it came from. */
  public List<Problem> notices() {
    List<Problem> notices = new ArrayList<>();
    if (!mirrors.isEmpty()) {
      note(notices, mirrors.get(0).at(), "mirrors come first: " + joined(mirrors));
    }
    onlyMirrors.ifPresent(where -> note(notices, where, "only mirrors are asked"));
    rewrites.forEach(
        (from, to) ->
            note(
                notices,
                from.at(),
                "%s is %s".formatted(SourceUrl.shown(from.value()), SourceUrl.shown(to.value()))));
    ca.ifPresent(one -> note(notices, one.at(), "its certificates are trusted too: " + one.file()));
    if (!trustedKeys.isEmpty()) {
      note(
          notices,
          trustedKeys.get(0).at(),
          policy.signature().isPresent()
              ? "manifests must be signed by a key it names"
              : "indexes of mirrors must be signed by a key it names");
    }
    policy.rules().forEach(rule -> note(notices, rule.at(), rule.value()));
    return notices;
  }

  private static String joined(List<Text> texts) {
    return texts.stream().map(Text::value).map(SourceUrl::shown).collect(Collectors.joining(", "));
  }

  private static void note(List<Problem> notices, Location at, String what) {
    notices.add(Problem.note(at, "site", what, "--site FILE names another site file"));
  }
}
