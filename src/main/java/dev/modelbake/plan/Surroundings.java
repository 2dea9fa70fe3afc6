package dev.modelbake.plan;

import dev.modelbake.model.Owner;
import java.util.Map;
import java.util.Optional;

/**
 * What the plan needs to know of the place it is made for, read beforehand.
 *
 * @param environment the variables of the process
 * @param accounts of the image (below {@code --root} when given)
 * @param self the user who runs the bake
 * @param selfHome that user's {@code $HOME}
 * @param python where the packages are that the manifests ask for
 * @param owning what owners can be given here
 */
public record Surroundings(
    Map<String, String> environment,
    Accounts accounts,
    Owner self,
    Optional<String> selfHome,
    PythonPackages python,
    Owning owning) {
  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /** On Linux. */
  public Surroundings(
      Map<String, String> environment,
      Accounts accounts,
      Owner self,
      Optional<String> selfHome,
      PythonPackages python) {
    this(environment, accounts, self, selfHome, python, Owning.ANYBODY);
  }

  /** What owners a system can give to files of an image. */
  public enum Owning {
    /** Linux: any user and group, by number. */
    ANYBODY,
    /** Elsewhere users are not those of an image. */
    SELF;

    /**
     * That of a system.
     *
     * @param name as the property {@code os.name} has it
     */
    public static Owning of(String name) {
      return name.equalsIgnoreCase("Linux") ? ANYBODY : SELF;
    }
  }
}
