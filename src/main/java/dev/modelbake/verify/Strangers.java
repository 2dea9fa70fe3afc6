package dev.modelbake.verify;

import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Finding;
import dev.modelbake.model.Origin;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.publish.Listing;
import dev.modelbake.publish.RootedPaths;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds files that nobody asked for: anywhere in a tree, and beside the files of a flat model.
 *
 * @param expected the paths that were asked for, as the image sees them
 */
record Strangers(RootedPaths paths, Set<Path> expected) {
  /** The strangers of these planned files, sorted by path; each is named once. */
  List<Finding> among(List<PlannedFile> files) {
    Set<Path> strangers = new TreeSet<>();
    Set<Path> flat = new TreeSet<>();
    for (PlannedFile file : files) {
      if (file.target() instanceof Target.Resolved target) {
        if (file.unpacking() instanceof Unpacking.Tree tree) {
          boolean links = tree.links() == Unpacking.Links.INTERNAL;
          list(target.path(), directory -> names(Listing.of(directory), !links), strangers);
        } else if (!(file.origin() instanceof Origin.Literal)) {
          // Other references of a cache's repository are other revisions'.
          Optional.ofNullable(target.path().getParent()).ifPresent(flat::add);
        }
      }
    }
    for (Path directory : flat) {
      list(directory, at -> names(Listing.shallow(at), true), strangers);
    }
    strangers.removeAll(expected);
    return strangers.stream()
        .map(
            path ->
                new Finding(
                    path.toString(), "", FailureKind.INTEGRITY, "nobody asked for this file"))
        .toList();
  }

  /** Names of what stands in a directory. */
  @FunctionalInterface
  private interface Names {
    List<String> in(Path directory) throws IOException;
  }

  private void list(Path directory, Names names, Set<Path> strangers) {
    try {
      for (String name : names.in(paths.locateDirectory(directory))) {
        strangers.add(directory.resolve(name));
      }
    } catch (CannotCreateException | AccessDeniedException e) {
      // Found already: nothing in it could be read.
    } catch (IOException e) {
      throw Examiner.failure(e, directory);
    }
  }

  private static List<String> names(Listing listing, boolean withLinks) {
    List<String> names = new ArrayList<>(listing.files().keySet());
    names.addAll(listing.others().keySet());
    if (withLinks) {
      names.addAll(listing.links().keySet());
    }
    return names;
  }
}
