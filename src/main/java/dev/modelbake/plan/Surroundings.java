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
 */
public record Surroundings(
    Map<String, String> environment,
    Accounts accounts,
    Owner self,
    Optional<String> selfHome,
    PythonPackages python) {
  public Surroundings {
    environment = Map.copyOf(environment);
  }
}
