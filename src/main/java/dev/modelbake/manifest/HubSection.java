package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Mapping;
import dev.modelbake.model.HubRepository;
import dev.modelbake.model.Suggestion;
import dev.modelbake.model.Text;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads {@code huggingface}: a repository and its revision. */
final class HubSection {
  private static final String WORD = "[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?";
  private static final Pattern REPOSITORY = Pattern.compile(WORD + "(?:/" + WORD + ")?");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern REF = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/-]*");
  private static final int LONGEST = 96;
  private static final List<String> KINDS =
      Stream.of(HubRepository.Kind.values()).map(HubRepository.Kind::label).toList();

  private final Problems problems;

  HubSection(Problems problems) {
    this.problems = problems;
  }

  Optional<HubRepository> read(Fields model) {
    Optional<Mapping> mapping =
        model.mapping("huggingface", "repo: organisation/name, revision: <40 hex>, ref: main");
    return mapping.flatMap(this::repository);
  }

  private Optional<HubRepository> repository(Mapping mapping) {
    Fields fields = new Fields(mapping, Level.HUGGINGFACE, problems);
    fields.require("repo", "write repo: organisation/name");
    Optional<Text> id = fields.text("repo", "organisation/name").filter(this::isId);
    HubRepository.Kind kind = kind(fields);
    Optional<Text> ref = fields.text("ref", "main").filter(this::isRef);
    Text revision =
        fields
            .text("revision", "<40 hexadecimal digits>")
            .filter(this::isRef)
            .orElse(ref.orElse(new Text("main", fields.at())));
    if (!COMMIT.matcher(revision.value()).matches()) {
      problems.warning(
          revision.at(),
          "revision-not-pinned",
          "%s may move: only a commit of 40 hexadecimal digits stays"
              .formatted(Problems.quoted(revision.value())),
          problems.pinCommand(fields.at()));
    }
    return id.map(text -> new HubRepository(kind, text.value(), revision, ref.map(Text::value)));
  }

  private boolean isId(Text text) {
    String id = text.value();
    boolean known =
        id.length() <= LONGEST
            && REPOSITORY.matcher(id).matches()
            && !id.contains("--")
            && !id.contains("..");
    if (!known) {
      problems.error(
          text.at(),
          "hub-repository",
          "%s is no repository of the hub".formatted(Problems.quoted(id)),
          "write organisation/name as in the address of its page");
    }
    return known;
  }

  private HubRepository.Kind kind(Fields fields) {
    Optional<Text> type = fields.text("type", "dataset");
    if (type.isEmpty()) {
      return HubRepository.Kind.MODEL;
    }
    String label = type.get().value();
    if (!KINDS.contains(label)) {
      problems.error(
          type.get().at(),
          "hub-type",
          "%s is no type of repository".formatted(Problems.quoted(label)),
          Suggestion.closest(label, KINDS)
              .map("did you mean %s?"::formatted)
              .orElse("known: " + String.join(", ", KINDS)));
      return HubRepository.Kind.MODEL;
    }
    return HubRepository.Kind.valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** A branch, tag or commit; in the cache a branch or tag is a path below {@code refs}. */
  private boolean isRef(Text text) {
    String ref = text.value();
    boolean known =
        REF.matcher(ref).matches()
            && !ref.contains("..")
            && !ref.contains("//")
            && !ref.endsWith("/");
    if (!known) {
      problems.error(
          text.at(),
          "hub-revision",
          "%s is no branch, tag or commit".formatted(Problems.quoted(ref)),
          "write main, or the 40 hexadecimal digits of a commit");
    }
    return known;
  }
}
