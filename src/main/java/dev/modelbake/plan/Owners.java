package dev.modelbake.plan;

import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Location;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Suggestion;
import dev.modelbake.model.Text;
import dev.modelbake.plan.Surroundings.Owning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns {@code name}, {@code uid}, {@code user:group} or {@code self} into numbers and a home. */
final class Owners {
  private static final String SELF = "self";

  private final Surroundings surroundings;

  Owners(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Whether no owner was named: then the running user owns the files. */
  static boolean isSelf(Optional<Text> owner) {
    return owner.isEmpty() || owner.get().value().equals(SELF);
  }

  Owner owner(Optional<Text> wanted) throws Unresolvable {
    if (isSelf(wanted)) {
      return surroundings.self();
    }
    Text owner = wanted.orElseThrow();
    if (surroundings.owning() == Owning.SELF) {
      throw new Unresolvable(
          Problem.error(
              owner.at(),
              "owner-elsewhere",
              "the owner "
                  + owner
                  + " cannot be given on this system: only Linux has an image's users",
              "use --owner self here, or bake on Linux, in the image or in a container"),
          FailureKind.CANNOT_CREATE);
    }
    int colon = owner.value().indexOf(':');
    String user = colon < 0 ? owner.value() : owner.value().substring(0, colon);
    Optional<Accounts.User> entry = entry(user);
    if (entry.isEmpty() && !Accounts.isId(user)) {
      throw unknown("user", user, owner.at());
    }
    long uid = entry.isPresent() ? entry.get().uid() : Long.parseLong(user);
    // As with COPY --chown: a uid without an entry and without a group has the group of its number.
    long gid = entry.map(Accounts.User::gid).orElse(uid);
    if (colon >= 0) {
      gid = gid(owner.value().substring(colon + 1), owner.at());
    }
    try {
      return new Owner(uid, gid);
    } catch (IllegalArgumentException e) {
      throw new Unresolvable(
          Problem.error(
              owner.at(),
              "owner-range",
              "the owner " + owner + " is out of range",
              "uid and gid are 0 to 4294967294"));
    }
  }

  /** The home of the owner: {@code --home} or {@code home:}, else the entry in passwd. */
  String home(Optional<Text> wanted, Optional<String> given, Location at) throws Unresolvable {
    if (given.isPresent()) {
      return given.get();
    }
    if (isSelf(wanted)) {
      return surroundings
          .selfHome()
          .orElseThrow(
              () ->
                  new Unresolvable(
                      Problem.error(
                          at, "home-unknown", "HOME is not set", "set it, or use --home")));
    }
    String user = wanted.orElseThrow().value().split(":", 2)[0];
    Optional<Accounts.User> entry = entry(user);
    if (entry.isPresent() && entry.get().home().startsWith("/")) {
      return entry.get().home();
    }
    if (entry.isEmpty() && !Accounts.isId(user)) {
      throw unknown("user", user, wanted.orElseThrow().at());
    }
    throw new Unresolvable(
        Problem.error(
            at,
            "home-unknown",
            "the home of owner " + user + " is not known: /etc/passwd has no entry for it",
            "write home: /home/NAME in the manifest, use --home, or run useradd before the bake"));
  }

  private Optional<Accounts.User> entry(String user) {
    return Accounts.isId(user)
        ? surroundings.accounts().user(Long.parseLong(user))
        : surroundings.accounts().user(user);
  }

  private long gid(String group, Location at) throws Unresolvable {
    if (Accounts.isId(group)) {
      return Long.parseLong(group);
    }
    return surroundings.accounts().group(group).orElseThrow(() -> unknown("group", group, at));
  }

  private Unresolvable unknown(String what, String name, Location at) {
    List<String> names = new ArrayList<>();
    surroundings.accounts().userNames().forEach(names::add);
    String hint =
        Suggestion.closest(name, names).map(near -> "did you mean " + near + "? Else ").orElse("");
    return new Unresolvable(
        Problem.error(
            at,
            "owner-unknown",
            "the %s %s is not in this image's /etc/%s"
                .formatted(what, name, what.equals("user") ? "passwd" : "group"),
            hint
                + "run useradd before the bake, or name the owner by number with home: "
                + "(a separate build stage does not have the users of the final one)"),
        FailureKind.CANNOT_CREATE);
  }
}
