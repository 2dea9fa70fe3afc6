package dev.modelbake.lint;

import dev.modelbake.model.HubRepository;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Unpacking;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Weights in Python's pickle format: loading them may run any code. */
record Pickles(List<Model> shipped) {
  private static final List<String> ENDINGS = List.of(".pt", ".pth", ".bin", ".ckpt", ".pkl");

  Pickles {
    shipped = List.copyOf(shipped);
  }

  Optional<Problem> problem(Model model, ModelFile file) {
    return placed(file)
        .filter(Pickles::isPickle)
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

  private static Stream<String> placed(ModelFile file) {
    return file.unpacking() instanceof Unpacking.Tree tree
            && tree.pin() instanceof Unpacking.TreePin.Members members
        ? members.members().stream().map(Unpacking.Member::path)
        : Stream.of(file.path());
  }

  private static boolean isPickle(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith);
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
