package dev.modelbake.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Says whether the promise was kept, with nothing but the Java machine's own classes: it shares no
 * line with the program that it judges.
 */
final class Oracle {
  private static final Instant TIME = Instant.parse("2000-01-01T00:00:00Z");
  private static final String STAGING = ".modelbake";

  /** In place of a user: whoever it is. */
  static final int ANY_USER = -1;

  private final List<Wanted> wanted;
  private final Path out;
  private final Path store;
  private final int user;
  private final Set<Path> strangers = new HashSet<>();
  private Map<Path, byte[]> before = Map.of();

  /**
   * A judge.
   *
   * @param out below which everything wanted goes
   * @param store where blobs are kept, perhaps
   * @param user whose everything new must be
   */
  Oracle(List<Wanted> wanted, Path out, Path store, int user) {
    this.wanted = wanted;
    this.out = out;
    this.store = store;
    this.user = user;
  }

  /** Remembers what stands where before a run. */
  void look() throws IOException {
    before = new HashMap<>();
    for (Wanted one : wanted) {
      if (Files.exists(one.path(), LinkOption.NOFOLLOW_LINKS)) {
        before.put(one.path(), Files.readAllBytes(one.path()));
      }
    }
    strangers.addAll(all());
  }

  private Set<Path> all() throws IOException {
    Set<Path> all = new HashSet<>();
    if (Files.exists(out)) {
      try (Stream<Path> paths = Files.walk(out)) {
        paths
            .filter(path -> !path.toString().contains("/" + STAGING))
            .filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
            .forEach(all::add);
      }
    }
    return all;
  }

  /**
   * What is wrong after a run.
   *
   * @param success whether it said that all is well
   */
  List<String> judge(boolean success) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Wanted one : wanted) {
      judge(one, success, wrong);
    }
    Set<Path> left = all();
    left.removeAll(strangers);
    wanted.forEach(one -> left.remove(one.path()));
    left.forEach(path -> wrong.add("left behind: " + path));
    if (success) {
      try (Stream<Path> paths = Files.walk(out.getParent())) {
        paths
            .filter(path -> !path.startsWith(store))
            .filter(path -> path.getFileName().toString().equals(STAGING))
            .forEach(path -> wrong.add("staging left behind: " + path));
      }
    }
    judgeStore(wrong);
    return wrong;
  }

  private void judge(Wanted one, boolean success, List<String> wrong) throws IOException {
    Path path = one.path();
    byte[] old = before.get(path);
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      if (success || old != null) {
        wrong.add((success ? "missing: " : "lost: ") + path);
      }
      return;
    }
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      wrong.add("no file: " + path);
      return;
    }
    byte[] now = Files.readAllBytes(path);
    boolean right = Arrays.equals(now, one.bytes());
    if (!right && (success || old == null || !Arrays.equals(now, old))) {
      wrong.add("wrong bytes (%d of %d): %s".formatted(now.length, one.bytes().length, path));
    }
    boolean isNew = old == null || !Arrays.equals(now, old);
    if (right && (success || isNew)) {
      int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
      if (mode != one.mode()) {
        wrong.add("mode %o, not %o: %s".formatted(mode, one.mode(), path));
      }
      int owner = (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      if (user != ANY_USER && owner != user) {
        wrong.add("user %d, not %d: %s".formatted(owner, user, path));
      }
      Instant time = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
      if (isNew && !time.equals(TIME)) {
        wrong.add("time %s: %s".formatted(time, path));
      }
    }
  }

  private void judgeStore(List<String> wrong) throws IOException {
    Path blobs = store.resolve("blobs/sha256");
    if (!Files.exists(blobs)) {
      return;
    }
    try (Stream<Path> files = Files.list(blobs)) {
      for (Path blob : files.toList()) {
        String name = blob.getFileName().toString();
        if (!poisoned.contains(name) && !name.equals(sha256(Files.readAllBytes(blob)))) {
          wrong.add("a blob with other bytes than its name: " + blob);
        }
      }
    }
  }

  private final Set<String> poisoned = new HashSet<>();

  /** A blob that somebody else changed: the next run must notice, it did not do it. */
  void expectPoisoned(Path blob) {
    poisoned.add(blob.getFileName().toString());
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Files below a directory that hold a text; but for one of them. */
  static List<String> holding(String secret, Path directory, Path but) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path :
          paths.filter(p -> Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS)).toList()) {
        if (!path.equals(but)
            && new String(Files.readAllBytes(path), java.nio.charset.StandardCharsets.ISO_8859_1)
                .contains(secret)) {
          found.add("a secret in " + path);
        }
      }
    }
    return found;
  }
}
