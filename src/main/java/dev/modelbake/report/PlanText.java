package dev.modelbake.report;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.modelbake.model.Batch;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.TreePin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A plan as a table for people. */
public final class PlanText {
  private static final int SHORT_DIGEST = 12;

  private final Plan plan;
  private final Detail detail;
  private final StringBuilder out = new StringBuilder();

  private PlanText(Plan plan, Detail detail) {
    this.plan = plan;
    this.detail = detail;
  }

  /** The text, ended by a line feed. */
  public static String of(Plan plan, Detail detail) {
    PlanText text = new PlanText(plan, detail);
    text.files();
    text.totals();
    text.plan.disks().forEach(text::disk);
    if (plan.files().stream().anyMatch(PlanText::hasPlainHttp)) {
      text.line("http: plain http, where the pinned digest alone protects the bytes");
    }
    plan.notices().forEach(notice -> text.line(ProblemsText.line(notice)));
    return text.out.toString();
  }

  private void files() {
    Table table = new Table();
    table.row(List.of("ACTION", "SIZE", "SHA256", "OWNER", "MODE", "SOURCES", "PATH"));
    for (PlannedFile file : plan.files()) {
      table.row(row(file));
      if (file.target() instanceof Target.Unresolved unresolved) {
        table.note(ProblemsText.line(unresolved.reason()));
      }
      if (detail == Detail.FULL) {
        details(file).forEach(table::note);
      }
    }
    plan.directories().forEach(directory -> directory(directory, table));
    table.appendTo(out);
  }

  private void directory(PlannedDirectory directory, Table table) {
    String action =
        switch (directory.state()) {
          case ABSENT -> "make";
          case PRESENT -> "keep";
          case WRONG_OWNER_OR_MODE -> "mend";
          case WRONG_BYTES, WRONG_TYPE -> "blocked";
          case UNKNOWN -> "unknown";
        };
    if (directory.target() instanceof Target.Resolved resolved) {
      table.row(
          List.of(
              action,
              "-",
              "directory",
              resolved.owner().toString(),
              resolved.dirMode().toString(),
              "-",
              Labels.text(resolved.path() + "/")));
    } else if (directory.target() instanceof Target.Unresolved unresolved) {
      table.row(
          List.of("?", "-", "directory", "?", "?", "-", Labels.text(unresolved.text() + "/")));
      table.note(ProblemsText.line(unresolved.reason()));
    }
    if (detail == Detail.FULL) {
      table.note(Labels.text(directory.name()) + ", " + Labels.text(directory.at().toString()));
    }
  }

  private List<String> row(PlannedFile file) {
    List<String> cells = new ArrayList<>();
    cells.add(shown(file));
    cells.add(sizes(file.pin().map(Descriptor::size).orElse(OptionalLong.empty()), Amounts::size));
    cells.add(
        file.pin().map(pin -> pin.digest().hex().substring(0, SHORT_DIGEST)).orElse("unpinned"));
    if (file.target() instanceof Target.Resolved resolved) {
      cells.addAll(List.of(resolved.owner().toString(), resolved.mode().toString()));
    } else {
      cells.addAll(List.of("?", "?"));
    }
    cells.add(sources(file) + (hasPlainHttp(file) ? " http" : ""));
    cells.add(Labels.text(path(file)));
    return cells;
  }

  /** How many places, or parts. */
  private static String sources(PlannedFile file) {
    if (file.origin() instanceof Origin.Literal) {
      return "-";
    }
    return file.origin() instanceof Origin.Parts parts
        ? Amounts.count(parts.parts().size(), "part")
        : Integer.toString(file.candidates().size());
  }

  private static String path(PlannedFile file) {
    if (file.target() instanceof Target.Resolved resolved) {
      boolean tree = file.unpacking() instanceof Unpacking.Tree;
      return resolved.path() + (tree && resolved.path().getNameCount() > 0 ? "/" : "");
    }
    return ((Target.Unresolved) file.target()).text();
  }

  private static String shown(PlannedFile file) {
    return file.target() instanceof Target.Resolved ? action(file) : "?";
  }

  private static String action(PlannedFile file) {
    return switch (file.state()) {
      case UNKNOWN -> "unknown";
      case ABSENT -> file.origin() instanceof Origin.Literal ? "make" : "fetch";
      case PRESENT -> "keep";
      case WRONG_OWNER_OR_MODE -> "mend";
      case WRONG_BYTES -> "replace";
      case WRONG_TYPE -> "blocked";
    };
  }

  private static String sizes(OptionalLong size, java.util.function.LongFunction<String> form) {
    return size.isPresent() ? form.apply(size.getAsLong()) : "?";
  }

  private static boolean hasPlainHttp(PlannedFile file) {
    return file.allCandidates().stream().anyMatch(PlanText::isPlainHttp);
  }

  private static boolean isPlainHttp(Candidate candidate) {
    return candidate.url().scheme().equals("http");
  }

  private static List<String> details(PlannedFile file) {
    List<String> lines = new ArrayList<>();
    lines.add(Labels.text(file.name()) + ", " + Labels.text(file.at().toString()));
    file.pin().ifPresent(pin -> lines.add("download " + describe(pin)));
    if (file.unpacking() instanceof Unpacking.Stream stream) {
      String output = stream.output().map(pin -> ", gives " + describe(pin)).orElse("");
      lines.add("unpack " + Labels.of(stream.compression()) + output);
    } else if (file.unpacking() instanceof Unpacking.Tree tree) {
      lines.add("unpack " + PlanJson.format(tree.archive()) + ", " + describe(tree.pin()));
    }
    if (file.target() instanceof Target.Resolved resolved) {
      lines.add("directories " + resolved.dirMode());
      resolved.cache().ifPresent(cache -> lines.add(describe(cache)));
    }
    if (file.origin() instanceof Origin.Literal literal) {
      lines.add("the text " + Labels.text(literal.text()));
    }
    if (file.origin() instanceof Origin.Parts parts) {
      for (Origin.Part part : parts.parts()) {
        lines.add(Labels.text(part.name()) + part.pin().map(pin -> " " + describe(pin)).orElse(""));
        lines.addAll(numbered(part.candidates()));
      }
    }
    lines.addAll(numbered(file.candidates()));
    return lines;
  }

  private static List<String> numbered(List<Candidate> candidates) {
    List<String> lines = new ArrayList<>();
    for (Candidate candidate : candidates) {
      lines.add(lines.size() + 1 + ". " + describe(candidate));
    }
    return lines;
  }

  private static String describe(Target.Cache cache) {
    String name =
        switch (cache.blobName()) {
          case SHA256 -> "sha256";
          case GIT -> "git's id";
        };
    return "a link to a blob of %s, named by %s"
        .formatted(Labels.text(cache.repository().toString()), name);
  }

  private static String describe(Descriptor pin) {
    StringBuilder text = new StringBuilder(pin.digest().toString());
    for (Digest other : pin.others()) {
      text.append(' ').append(other);
    }
    return text + ", " + sizes(pin.size(), Amounts::exactSize);
  }

  private static String describe(TreePin pin) {
    if (pin instanceof TreePin.Members members) {
      return "exactly " + Amounts.count(members.members().size(), "pinned file");
    }
    return pin instanceof TreePin.Whole whole
        ? "a tree of " + whole.digest()
        : "proven by the archive's own pin alone";
  }

  private static String describe(Candidate candidate) {
    List<String> marks = new ArrayList<>();
    marks.add(Labels.of(candidate.role()).replace('-', ' '));
    if (candidate.form() == Candidate.Form.UNPACKED) {
      marks.add("already unpacked");
    }
    if (isPlainHttp(candidate)) {
      marks.add("plain http");
    }
    return Labels.text(candidate.toString()) + " (" + String.join(", ", marks) + ")";
  }

  private void totals() {
    Map<String, Long> actions =
        plan.files().stream().collect(groupingBy(PlanText::shown, counting()));
    long bytes = Batch.of(plan.files()).stream().mapToLong(Batch::download).sum();
    List<String> parts = new ArrayList<>();
    for (String action : List.of("fetch", "make", "replace", "mend", "blocked", "unknown")) {
      if (actions.containsKey(action)) {
        String verb = action.equals("blocked") || action.equals("unknown") ? "" : "to ";
        parts.add(actions.get(action) + " " + verb + action);
      }
    }
    if (actions.containsKey("?")) {
      parts.add(actions.get("?") + " without a place");
    }
    if (actions.containsKey("keep")) {
      parts.add(actions.get("keep") + " already right");
    }
    line(
        "%s: %s; %s to download"
            .formatted(
                Amounts.count(plan.files().size(), "file"),
                String.join(", ", parts),
                Amounts.size(bytes)));
  }

  private void disk(Plan.DiskNeed disk) {
    String shortage =
        disk.fits() ? "" : ": NOT ENOUGH, short of " + Amounts.size(disk.needed() - disk.free());
    line(
        "disk of %s: %s needed, %s free%s"
            .formatted(
                Labels.text(disk.directory().toString()),
                amount(disk.needed()),
                amount(disk.free()),
                shortage));
  }

  private String amount(long bytes) {
    return detail == Detail.FULL ? Amounts.exactSize(bytes) : Amounts.size(bytes);
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
