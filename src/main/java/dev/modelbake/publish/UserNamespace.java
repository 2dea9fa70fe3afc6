package dev.modelbake.publish;

import dev.modelbake.model.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The IDs that exist here, from {@code /proc/self/uid_map} and {@code gid_map}
 * (user_namespaces(7)).
 */
record UserNamespace(List<String> uids, List<String> gids) {
  /** This process's namespace; everything is mapped when /proc does not tell. */
  static UserNamespace current() {
    return new UserNamespace(lines("uid_map"), lines("gid_map"));
  }

  /** Which of the owner's two IDs has no mapping, in words. */
  Optional<String> unmapped(Owner owner) {
    if (!mapped(uids, owner.uid())) {
      return Optional.of("uid " + owner.uid());
    }
    return mapped(gids, owner.gid()) ? Optional.empty() : Optional.of("gid " + owner.gid());
  }

  private static boolean mapped(List<String> map, long id) {
    for (String line : map) {
      // first ID inside, first ID outside, count
      String[] words = line.strip().split("\\s+", 3);
      long first = Long.parseLong(words[0]);
      if (id >= first && id < first + Long.parseLong(words[2])) {
        return true;
      }
    }
    return map.isEmpty();
  }

  private static List<String> lines(String name) {
    try {
      return Files.readAllLines(Path.of("/proc/self", name));
    } catch (IOException e) {
      return List.of();
    }
  }
}
