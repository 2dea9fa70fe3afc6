package dev.modelbake.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The users and groups of an image, as its {@code /etc/passwd} and {@code /etc/group} list them
 * (passwd(5), group(5)). No name service is asked: the image's files are what the image will know.
 */
public final class Accounts {
  private final Map<String, User> byName = new LinkedHashMap<>();
  private final Map<Long, User> byUid = new LinkedHashMap<>();
  private final Map<String, Long> groups = new LinkedHashMap<>();

  private Accounts() {}

  /** One line of passwd. */
  public record User(String name, long uid, long gid, String home) {}

  /** Reads the text of both files; lines that are not well-formed are passed over. */
  public static Accounts parse(String passwd, String group) {
    Accounts accounts = new Accounts();
    passwd
        .lines()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length >= 6 && isId(fields[2]) && isId(fields[3]))
        .map(f -> new User(f[0], Long.parseLong(f[2]), Long.parseLong(f[3]), f[5]))
        .forEach(
            user -> {
              accounts.byName.putIfAbsent(user.name(), user);
              accounts.byUid.putIfAbsent(user.uid(), user);
            });
    group
        .lines()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length >= 3 && isId(fields[2]))
        .forEach(f -> accounts.groups.putIfAbsent(f[0], Long.parseLong(f[2])));
    return accounts;
  }

  static boolean isId(String text) {
    return text.matches("[0-9]{1,10}");
  }

  Optional<User> user(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  Optional<User> user(long uid) {
    return Optional.ofNullable(byUid.get(uid));
  }

  Optional<Long> group(String name) {
    return Optional.ofNullable(groups.get(name));
  }

  Iterable<String> userNames() {
    return byName.keySet();
  }
}
