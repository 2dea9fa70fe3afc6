package dev.modelbake.model;

import java.util.Optional;

/**
 * Why one candidate did not give a file.
 *
 * @param what what happened, printable and free of secrets
 * @param actual the SHA-256 of the bytes it gave, when they were wrong
 */
public record CandidateFailure(
    Candidate candidate, FailureKind kind, String what, Optional<Digest> actual) {
  @Override
  public String toString() {
    return candidate + ": " + what;
  }
}
