package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;

/** Turns groups of options into a call of the library. */
final class Front {
  private Front() {}

  static ModelBake of(Session session, SelectionOptions selection, TargetOptions target) {
    ModelBake bake = ModelBake.manifests(selection.manifests()).environment(session.environment());
    return target.apply(selection.apply(bake));
  }
}
