package dev.modelbake.report;

import dev.modelbake.guard.Recording;
import dev.modelbake.guard.Recording.Derived;
import java.util.List;

/** What a warm-up downloaded, for people. */
public final class RecordText {
  private static final int MOST = 50;

  private RecordText() {}

  /**
   * The lines, without those of a failure.
   *
   * @param manifest what was written, for people
   */
  public static String of(Recording recording, String manifest) {
    StringBuilder out = new StringBuilder();
    recording.pinned().stream()
        .limit(MOST)
        .forEach(path -> out.append("pinned ").append(Labels.text(path.toString())).append('\n'));
    more(recording.pinned(), out);
    for (Derived one : recording.derived().stream().limit(MOST).toList()) {
      out.append(
          "derived, not pinned: %s (%s): %s\n"
              .formatted(
                  Labels.text(one.path().toString()),
                  Amounts.size(one.size()),
                  Labels.line(one.why())));
    }
    more(recording.derived(), out);
    if (!recording.hosts().isEmpty()) {
      out.append("through the proxy: ")
          .append(Labels.line(String.join(", ", recording.hosts())))
          .append('\n');
    }
    if (recording.pythons() == 0) {
      out.append("the hook started in no Python: URLs are known from command lines alone\n");
    }
    recording.notes().forEach(note -> out.append(Labels.line(note)).append('\n'));
    if (!recording.models().isEmpty()) {
      out.append(
          "recorded %s in %s, each fetched again: %s%s\n"
              .formatted(
                  Amounts.count(recording.pinned().size(), "file"),
                  Amounts.count(recording.models().size(), "model"),
                  Labels.text(manifest),
                  derived(recording)));
    }
    return out.toString();
  }

  /** The line that says why there is no manifest. */
  public static String failure(Recording recording) {
    return recording.derived().isEmpty()
        ? "error: recording – no file is new – the caches were warm, or the files went elsewhere:"
            + " run it with an empty HOME, or name directories with --watch"
        : "error: recording – no source gives any of the new files again%s – pin them by hand"
            .formatted(derived(recording));
  }

  private static void more(List<?> list, StringBuilder out) {
    if (list.size() > MOST) {
      out.append("and ").append(Amounts.count(list.size() - MOST, "file")).append(" more\n");
    }
  }

  private static String derived(Recording recording) {
    return recording.derived().isEmpty()
        ? ""
        : "; %s derived, not pinned".formatted(Amounts.count(recording.derived().size(), "file"));
  }
}
