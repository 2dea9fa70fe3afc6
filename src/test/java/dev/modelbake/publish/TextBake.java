package dev.modelbake.publish;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Receipt;
import dev.modelbake.testing.PlannedFiles;
import dev.modelbake.verify.Surveyor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A whole bake of short texts without manifest and network; also a program of its own. */
final class TextBake {
  private static final int HALTED = 137;

  private TextBake() {}

  /** Survey, preflight, stage, publish, clean up. */
  static Receipt bake(PlannedFiles files, Plan plan, BakeListener listener) throws IOException {
    Plan surveyed = new Surveyor().survey(plan);
    try (Staging staging = Staging.open(surveyed)) {
      Publisher publisher = new Publisher(Times.DEFAULT, staging, listener);
      publisher.preflight(surveyed);
      List<Staged> staged = new ArrayList<>();
      for (PlannedFile file : surveyed.files()) {
        if (file.state() != State.PRESENT && file.state() != State.WRONG_OWNER_OR_MODE) {
          staged.add(stage(files, staging, file));
        }
      }
      Receipt receipt = publisher.publish(surveyed, staged);
      staging.discard();
      return receipt;
    }
  }

  static Staged stage(PlannedFiles files, Staging staging, PlannedFile file) throws IOException {
    List<Staged.Item> items = new ArrayList<>();
    for (Map.Entry<String, String> content : files.contents(file).entrySet()) {
      items.add(
          new Staged.Item(content.getKey(), PublisherTest.blob(staging, file, content.getValue())));
    }
    return new Staged(file, items, List.of(), List.of());
  }

  /**
   * Bakes {@code path=text} arguments below a root for an owner; {@code halt} as the first argument
   * ends the process without any clean-up at the first replaced file.
   */
  public static void main(String[] args) throws IOException {
    List<String> rest = new ArrayList<>(List.of(args));
    boolean halt = rest.remove("halt");
    Path root = Path.of(rest.remove(0));
    String[] ids = rest.remove(0).split(":", 2);
    PlannedFiles files =
        PlannedFiles.ownedBy(new Owner(Long.parseLong(ids[0]), Long.parseLong(ids[1])));
    PlannedFile[] planned =
        rest.stream()
            .map(arg -> arg.split("=", 2))
            .map(pair -> files.file(pair[0], pair[1]))
            .toArray(PlannedFile[]::new);
    try {
      bake(
          files,
          PlannedFiles.plan(root, planned),
          event -> {
            if (halt && event instanceof BakeEvent.Notice) {
              Runtime.getRuntime().halt(HALTED);
            }
          });
      System.out.println("OK");
    } catch (BakeException e) {
      System.out.println(e.kind() + " " + e.getMessage());
    }
  }
}
