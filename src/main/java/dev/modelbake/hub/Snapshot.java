package dev.modelbake.hub;

import dev.modelbake.model.HubRepository;
import java.util.List;
import java.util.Set;

/**
 * The files of a repository at one commit.
 *
 * @param repository at the commit, whatever revision was asked for
 * @param files sorted by path; no path leaves its directory, comes twice or is a directory of
 *     another
 * @param restrictions on who may read it
 */
public record Snapshot(
    HubRepository repository, List<HubFile> files, Set<Restriction> restrictions) {
  public Snapshot {
    files = List.copyOf(files);
    restrictions = Set.copyOf(restrictions);
  }

  /** What keeps readers out. */
  public enum Restriction {
    /** Only its owners see it. */
    PRIVATE,
    /** Its licence must be accepted first. */
    GATED,
    /** The hub's operators closed it. */
    DISABLED
  }

  /** The commit, 40 hexadecimal digits. */
  public String commit() {
    return repository.revision().value();
  }
}
