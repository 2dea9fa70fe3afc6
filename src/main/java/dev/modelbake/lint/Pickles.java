package dev.modelbake.lint;

import dev.modelbake.model.FileFormat;
import dev.modelbake.model.HubRepository;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Problem;
import java.util.List;
import java.util.Optional;

/** Weights in Python's pickle format: loading them may run any code. */
record Pickles(List<Model> shipped) {
  Pickles {
    shipped = List.copyOf(shipped);
  }

  Optional<Problem> problem(Model model, ModelFile file) {
    return file.placed().stream()
        .filter(path -> FileFormat.of(path).equals(Optional.of(FileFormat.PICKLE)))
        .findFirst()
        .map(
            path ->
                Problem.warning(
                    file.at(),
                    "pickle",
                    "%s is in pickle format, which may run code when it is loaded".formatted(path),
                    safer(model)
                        .map(name -> "the catalog has the same weights as safetensors: " + name)
                        .orElse(
                            "prefer safetensors or ONNX where the library takes it; load with"
                                + " weights_only=True")));
  }

  /** A shipped model of the same name or repository with safetensors. */
  private Optional<String> safer(Model model) {
    return shipped.stream()
        .filter(other -> other.name().equals(model.name()) || sameRepository(other, model))
        .filter(
            other -> other.files().stream().anyMatch(file -> file.path().endsWith(".safetensors")))
        .map(Model::name)
        .findFirst();
  }

  private static boolean sameRepository(Model one, Model other) {
    return one.hub().isPresent()
        && one.hub().map(HubRepository::id).equals(other.hub().map(HubRepository::id));
  }
}
