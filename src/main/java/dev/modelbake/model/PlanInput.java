package dev.modelbake.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a plan's outputs are made of, as one text: every word with its length before it, so that no
 * two plans give the same. Neither where bytes come from nor what stands on disk is in it.
 */
final class PlanInput {
  private final StringBuilder text = new StringBuilder();

  private PlanInput() {}

  static Digest digest(Plan plan) {
    PlanInput input = new PlanInput();
    input.add("modelbake-plan-input/1").add(plan.root());
    plan.files().forEach(input::add);
    plan.directories().forEach(one -> input.add("directory").add(one.target()));
    return Digest.ofBytes(input.text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void add(PlannedFile file) {
    add("file").add(file.name()).add(file.target()).add(file.pin());
    add(file.origin());
    add(file.unpacking());
  }

  private void add(Origin origin) {
    if (origin instanceof Origin.Parts parts) {
      add("parts").add(parts.parts().size());
      parts.parts().forEach(part -> add(part.pin()));
    } else if (origin instanceof Origin.Literal literal) {
      add("text").add(literal.text());
    } else {
      add("download");
    }
  }

  private void add(Unpacking unpacking) {
    if (unpacking instanceof Unpacking.Stream stream) {
      add("stream").add(stream.compression()).add(stream.output());
    } else if (unpacking instanceof Unpacking.Tree tree) {
      add("tree").add(tree.archive()).add(tree.strip()).add(tree.links());
      add(tree.include().size());
      tree.include().forEach(this::add);
      add(tree.pin());
    } else {
      add("as it is");
    }
  }

  private void add(Unpacking.TreePin pin) {
    if (pin instanceof Unpacking.TreePin.Members members) {
      add("members").add(members.members().size());
      members.members().forEach(one -> add(one.path()).add(Optional.of(one.descriptor())));
    } else if (pin instanceof Unpacking.TreePin.Whole whole) {
      add("whole").add(whole.digest()).add(whole.files()).add(whole.size());
    } else {
      add("by its archive");
    }
  }

  private PlanInput add(Target target) {
    if (target instanceof Target.Resolved resolved) {
      return add(resolved.path())
          .add((Object) resolved.cache())
          .add(resolved.owner())
          .add(resolved.mode())
          .add(resolved.dirMode());
    }
    return add("unknown").add(((Target.Unresolved) target).text());
  }

  private PlanInput add(Optional<Descriptor> pin) {
    if (pin.isEmpty()) {
      return add("unpinned");
    }
    List<Digest> others = pin.get().others();
    add(pin.get().digest()).add(pin.get().size()).add(others.size());
    others.forEach(this::add);
    return this;
  }

  private PlanInput add(Object word) {
    String written = word.toString();
    text.append(written.length()).append(':').append(written).append('\n');
    return this;
  }
}
