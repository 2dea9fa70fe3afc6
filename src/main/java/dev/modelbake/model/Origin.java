package dev.modelbake.model;

import java.util.List;
import java.util.Optional;

/** Where the bytes of a planned file come from. */
public sealed interface Origin {
  /**
   * One of these has them.
   *
   * @param candidates in the order they are tried
   */
  record Download(List<Candidate> candidates) implements Origin {
    public Download {
      candidates = List.copyOf(candidates);
    }
  }

  /** All of these, one behind the other. */
  record Parts(List<Part> parts) implements Origin {
    public Parts {
      parts = List.copyOf(parts);
    }
  }

  /** They are known already: a reference to a commit is nothing else. */
  record Literal(String text) implements Origin {}

  /**
   * One part of a file.
   *
   * @param name unique in the plan
   * @param pin absent when unpinned
   * @param candidates in the order they are tried
   */
  record Part(String name, Optional<Descriptor> pin, List<Candidate> candidates) {
    public Part {
      candidates = List.copyOf(candidates);
    }
  }
}
