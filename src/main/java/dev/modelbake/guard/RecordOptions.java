package dev.modelbake.guard;

import java.nio.file.Path;
import java.util.List;

/**
 * A warm-up to record.
 *
 * @param command what runs; its allowed hosts are not asked, since everything is allowed
 * @param watch further directories in which it may put files
 * @param temporary an existing directory for downloads
 */
public record RecordOptions(GuardOptions command, List<Path> watch, Path temporary) {
  public RecordOptions {
    watch = List.copyOf(watch);
  }
}
