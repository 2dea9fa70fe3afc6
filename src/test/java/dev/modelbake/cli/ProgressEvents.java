package dev.modelbake.cli;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Candidate.Form;
import dev.modelbake.model.Candidate.Role;
import dev.modelbake.model.CandidateFailure;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FetchException;
import dev.modelbake.model.SourceUrl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Events for tests, short to write. */
final class ProgressEvents {
  static final String HOSTILE = "\u001b]0;owned\u0007\r\nbaked 1 file; it is proven\u202e";

  private ProgressEvents() {}

  static Candidate candidate(Role role) {
    return new Candidate(
        SourceUrl.parse("https://host.example/x?token=secret"), role, Form.DOWNLOAD);
  }

  static BakeEvent fetching(String file, long size) {
    return new BakeEvent.Fetching(file, candidate(Role.ORIGIN), OptionalLong.of(size));
  }

  static BakeEvent fetchingUnknown(String file) {
    return new BakeEvent.Fetching(file, candidate(Role.ORIGIN), OptionalLong.empty());
  }

  static BakeEvent received(String file, long bytes) {
    return new BakeEvent.Received(file, bytes, bytes);
  }

  static BakeEvent retrying(String file) {
    return new BakeEvent.Retrying(
        file, candidate(Role.ORIGIN), 2, Duration.ofSeconds(3), "502 Bad Gateway");
  }

  static BakeEvent gaveUp(String file, String what) {
    return new BakeEvent.CandidateFailed(
        file,
        new CandidateFailure(
            candidate(Role.ORIGIN), FailureKind.TEMPORARY, what, Optional.empty()));
  }

  static BakeEvent verified(String file, long size) {
    return verified(file, size, Role.ORIGIN);
  }

  static BakeEvent verified(String file, long size, Role role) {
    return new BakeEvent.Verified(file, candidate(role), Descriptor.of(Digest.OF_NOTHING, size));
  }

  static BakeEvent failed(String file, String happened) {
    return new BakeEvent.Failed(file, new FetchException(file, happened, "remedy", List.of()));
  }

  static BakeEvent finished(int proven, int failed) {
    return new BakeEvent.Finished(proven, failed, Duration.ofSeconds(12));
  }
}
