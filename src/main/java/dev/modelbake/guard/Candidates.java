package dev.modelbake.guard;

import dev.modelbake.guard.Matching.Candidate;
import dev.modelbake.model.SourceUrl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The URLs that a run was seen to fetch, each once, without what may be a secret. */
final class Candidates {
  private final Map<SourceUrl, Candidate> found = new LinkedHashMap<>();
  private final Set<SourceUrl> signed = new HashSet<>();

  /** A URL as it was seen. */
  private record Sighting(String url, long nanos, Optional<String> library) {}

  private Candidates() {}

  /**
   * What Pythons asked for and told other programs to fetch, in the order of time; then what is
   * known of other programs alone.
   *
   * @param lines of programs
   * @param proxied what the proxy was asked for without a tunnel
   */
  static List<Candidate> of(Notes notes, List<Ordered> lines, List<String> proxied) {
    Candidates candidates = new Candidates();
    Stream.concat(
            notes.requested().stream()
                .filter(one -> one.method().equals("GET"))
                .map(one -> new Sighting(one.url(), one.nanos(), one.library())),
            notes.ordered().stream().flatMap(Candidates::sightings))
        .sorted(Comparator.comparing(Sighting::nanos))
        .forEach(candidates::add);
    lines.stream().flatMap(Candidates::sightings).forEach(candidates::add);
    proxied.forEach(url -> candidates.add(new Sighting(url, 0, Optional.empty())));
    List<Candidate> list = new ArrayList<>(candidates.found.values());
    // What was signed is where a redirect led: the address before it is the one that lasts.
    list.sort(Comparator.comparing(one -> candidates.signed.contains(one.url())));
    return list;
  }

  private static Stream<Sighting> sightings(Ordered line) {
    return line.urls().stream().map(url -> new Sighting(url, line.nanos(), line.library()));
  }

  private void add(Sighting seen) {
    Optional<SourceUrl> clean = CleanUrl.of(seen.url());
    if (clean.isPresent() && !found.containsKey(clean.get())) {
      found.put(clean.get(), new Candidate(clean.get(), seen.library()));
      if (!clean.get().uri().toString().equals(seen.url())) {
        signed.add(clean.get());
      }
    }
  }
}
