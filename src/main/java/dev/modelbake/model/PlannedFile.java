package dev.modelbake.model;

import java.util.List;
import java.util.Optional;

/**
 * One file of the plan.
 *
 * @param name unique in the plan: model name, a slash, path
 * @param model the name of its model
 * @param at its entry in the manifest
 * @param pin of the download; absent when unpinned
 * @param origin where its bytes come from
 * @param state what stands at the target; {@link State#UNKNOWN} until the disk was surveyed
 */
public record PlannedFile(
    String name,
    String model,
    Location at,
    Optional<Descriptor> pin,
    Origin origin,
    Unpacking unpacking,
    Target target,
    State state) {
  /** The places to try, in order; none when the file is no single download. */
  public List<Candidate> candidates() {
    return origin instanceof Origin.Download download ? download.candidates() : List.of();
  }

  /** Every place that may be asked: for the file, or for one of its parts. */
  public List<Candidate> allCandidates() {
    return origin instanceof Origin.Parts parts
        ? parts.parts().stream().flatMap(part -> part.candidates().stream()).toList()
        : candidates();
  }

  /** Whether the right bytes stand at the target, so that nothing has to be fetched for it. */
  public boolean isRight() {
    return state == State.PRESENT || state == State.WRONG_OWNER_OR_MODE;
  }

  /** The same bytes at another place. */
  public PlannedFile at(String otherName, Target otherTarget) {
    return new PlannedFile(otherName, model, at, pin, origin, unpacking, otherTarget, state);
  }

  /** One part of this file as a download of its own. */
  public PlannedFile part(Origin.Part part) {
    return new PlannedFile(
        part.name(),
        model,
        at,
        part.pin(),
        new Origin.Download(part.candidates()),
        new Unpacking.None(),
        target,
        state);
  }

  /** The same file out of something else. */
  public PlannedFile with(Origin other) {
    return new PlannedFile(name, model, at, pin, other, unpacking, target, state);
  }

  /** The same file unpacked in another way. */
  public PlannedFile with(Unpacking other) {
    return new PlannedFile(name, model, at, pin, origin, other, target, state);
  }

  /** The same file with what was found on disk. */
  public PlannedFile with(State found) {
    return new PlannedFile(name, model, at, pin, origin, unpacking, target, found);
  }

  /** What stands at a target. */
  public enum State {
    /** Not looked at, or it cannot be told without the download. */
    UNKNOWN,
    /** Nothing is there. */
    ABSENT,
    /** The right bytes, owner and mode: nothing to do. */
    PRESENT,
    /** The right bytes with another owner or mode, which will be mended. */
    WRONG_OWNER_OR_MODE,
    /** A file with other bytes, which will be replaced. */
    WRONG_BYTES,
    /** Something that is not replaced: a directory in place of a file, or the reverse. */
    WRONG_TYPE
  }
}
