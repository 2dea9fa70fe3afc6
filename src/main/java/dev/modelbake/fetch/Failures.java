package dev.modelbake.fetch;

import dev.modelbake.model.Candidate;
import dev.modelbake.model.CandidateFailure;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.Explanation;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FetchException;
import dev.modelbake.model.PlannedFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** The failures of one file's candidates, the last of each, and what they say taken together. */
final class Failures {
  private final Map<Candidate, CandidateFailure> failures = new LinkedHashMap<>();
  private final Map<Candidate, OptionalLong> sizes = new LinkedHashMap<>();
  private boolean isCutShort;

  /** Notes a failure, and gives it as data. */
  CandidateFailure add(Candidate candidate, SourceException e) {
    CandidateFailure failure = new CandidateFailure(candidate, e.kind(), e.what(), e.actual());
    failures.put(candidate, failure);
    sizes.put(candidate, e.size());
    return failure;
  }

  /** How a candidate failed last. */
  Optional<String> last(Candidate candidate) {
    return Optional.ofNullable(failures.get(candidate)).map(CandidateFailure::what);
  }

  /** Notes that the deadline passed before everybody was asked. */
  void cutShort() {
    isCutShort = true;
  }

  /** All of them, in the order of the candidates. */
  List<CandidateFailure> list() {
    return new ArrayList<>(failures.values());
  }

  /** The candidates which may recover. */
  Set<Candidate> passing() {
    return failures.values().stream()
        .filter(failure -> failure.kind() == FailureKind.TEMPORARY)
        .map(CandidateFailure::candidate)
        .collect(Collectors.toSet());
  }

  /** The failure of the file. */
  FetchException exception(PlannedFile file, long received) {
    // In front, since the list of failures at the end is told line by line elsewhere.
    String hurry = isCutShort ? "the deadline passed before all was tried: " : "";
    Explanation explanation =
        new Explanation("fetching " + file.name(), hurry + happened(file), remedy());
    return new FetchException(file.name(), explanation, list(), received);
  }

  private String happened(PlannedFile file) {
    if (failures.isEmpty()) {
      return "there is no source to try";
    }
    if (failures.size() == 1) {
      return list().get(0).toString();
    }
    String all =
        "none of %d sources gave it: %s"
            .formatted(
                failures.size(),
                list().stream().map(CandidateFailure::toString).collect(Collectors.joining("; ")));
    String together = file.pin().map(this::agreement).orElse("");
    return together.isEmpty() ? all : together + "; " + all;
  }

  /** Whether the sources with wrong bytes agree: then upstream changed, or the pin is a typo. */
  private String agreement(Descriptor pin) {
    List<CandidateFailure> wrong =
        failures.values().stream()
            .filter(failure -> failure.kind() == FailureKind.INTEGRITY)
            .filter(failure -> failure.candidate().form() == Candidate.Form.DOWNLOAD)
            .toList();
    Set<OptionalLong> lengths = new HashSet<>();
    Set<Optional<Digest>> digests = new HashSet<>();
    for (CandidateFailure failure : wrong) {
      lengths.add(sizes.getOrDefault(failure.candidate(), OptionalLong.empty()));
      digests.add(failure.actual());
    }
    if (wrong.size() < 2 || lengths.contains(OptionalLong.empty())) {
      return "";
    }
    if (lengths.size() > 1 || (digests.size() > 1 && !digests.contains(Optional.empty()))) {
      return "the %d sources with wrong bytes differ from each other".formatted(wrong.size());
    }
    if (digests.size() > 1) {
      return "";
    }
    String theirs =
        digests
            .iterator()
            .next()
            .map(Digest::toString)
            .orElse(lengths.iterator().next().getAsLong() + " bytes");
    return "all %d wrong sources agree on %s, the manifest pins %s: upstream was released anew,"
            .formatted(wrong.size(), theirs, pin)
        + " or the pin is a typo";
  }

  private String remedy() {
    if (failures.isEmpty()) {
      return "give the file a url, or a mirror";
    }
    FailureKind kind =
        FailureKind.ofCandidates(failures.values().stream().map(CandidateFailure::kind).toList());
    return switch (kind) {
      case INTEGRITY -> "find out which bytes are right before changing the pin";
      case TEMPORARY -> "try again later, or add a mirror";
      case AUTHENTICATION ->
          "give the credential for that host (HF_TOKEN, netrc, --headers-file; for a registry log"
              + " in as docker or skopeo does)";
      case REFUSED -> "allow it if it is meant, or use another source";
      default -> "fix the URL, or add a mirror";
    };
  }
}
