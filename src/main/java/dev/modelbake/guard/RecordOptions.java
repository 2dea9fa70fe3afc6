package dev.modelbake.guard;

import java.nio.file.Path;
import java.util.List;

/**
 * A warm-up to record.
 *
 * @param command what runs; its allowed hosts are not asked, since everything is allowed
 * @param watch further directories in which it may put files
 * @param temporary an existing directory for downloads
 * @param output where the command's standard output goes
 */
public record RecordOptions(GuardOptions command, List<Path> watch, Path temporary, Output output) {
  /** Where a command's standard output goes. */
  public enum Output {
    /** Where that of this process goes. */
    INHERITED,
    /** To standard error: standard output is wanted for something else. */
    ERROR
  }

  public RecordOptions {
    watch = List.copyOf(watch);
  }
}
