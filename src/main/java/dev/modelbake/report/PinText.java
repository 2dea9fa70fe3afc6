package dev.modelbake.report;

import dev.modelbake.manifest.Setting;
import dev.modelbake.pin.Change;
import dev.modelbake.pin.Pin;
import java.util.List;
import java.util.stream.Collectors;

/** Pins and changes of them for people. */
public final class PinText {
  private PinText() {}

  /** A line for each pin, and how many. */
  public static String of(String manifest, List<Pin> pins) {
    if (pins.isEmpty()) {
      return "%s: nothing was missing\n".formatted(Labels.text(manifest));
    }
    return pins.stream().map(PinText::line).collect(Collectors.joining())
        + "%s: %s\n".formatted(Labels.text(manifest), Amounts.count(pins.size(), "pin"));
  }

  private static String line(Pin pin) {
    String keys = pin.settings().stream().map(Setting::key).collect(Collectors.joining(", "));
    return "pinned %s: %s (%s)\n"
        .formatted(Labels.text(pin.file()), keys, pin.evidence().comment());
  }

  /** A line for each change; a word of peace when there is none. */
  public static String ofChanges(String manifest, List<Change> changes) {
    if (changes.isEmpty()) {
      return "%s: upstream is as pinned\n".formatted(Labels.text(manifest));
    }
    return changes.stream()
        .map(
            change ->
                "%s: %s: %s\n"
                    .formatted(
                        Labels.of(change.kind()),
                        Labels.text(change.file()),
                        Labels.line(change.what())))
        .collect(Collectors.joining());
  }
}
