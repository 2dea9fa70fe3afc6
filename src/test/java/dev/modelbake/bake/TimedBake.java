package dev.modelbake.bake;

import dev.modelbake.http.Time;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;

/** A bake whose pauses are those of a test's clock. */
public final class TimedBake {
  private TimedBake() {}

  /** A bake of a manifest by that clock. */
  public static ModelBake of(Path manifest, Time time, DoubleSupplier jitter) {
    return ModelBake.manifest(manifest).time(time, jitter);
  }
}
