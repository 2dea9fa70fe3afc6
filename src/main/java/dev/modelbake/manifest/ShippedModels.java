package dev.modelbake.manifest;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The manifests that come with the tool, for entries which say {@code catalog: NAME}. */
public interface ShippedModels {
  /** No models at all. */
  ShippedModels NONE =
      new ShippedModels() {
        @Override
        public Optional<byte[]> library(String library) {
          return Optional.empty();
        }

        @Override
        public Collection<String> names() {
          return List.of();
        }
      };

  /** The text of the manifest with all models whose name begins with this segment. */
  Optional<byte[]> library(String library);

  /** The names of all models. */
  Collection<String> names();
}
