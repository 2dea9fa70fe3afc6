package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Entry;
import dev.modelbake.manifest.Yaml.Kind;
import dev.modelbake.manifest.Yaml.Mapping;
import dev.modelbake.manifest.Yaml.Scalar;
import dev.modelbake.manifest.Yaml.Sequence;
import dev.modelbake.model.Location;
import dev.modelbake.model.Printable;
import dev.modelbake.model.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;

/**
 * Builds the tree of a YAML 1.2 text (JSON is a part of it) from the engine's events.
 *
 * <p>Built from events rather than by the engine's own composer, so that depth, aliases and the
 * number of values are bounded while they come, and every duplicate key is told, not only the
 * first.
 */
final class YamlTree {
  /** Values, each counted as often as aliases repeat it. */
  static final int MOST_VALUES = 1_000_000;

  static final int MOST_ALIASES = 10_000;
  static final int DEEPEST = 50;
  static final int LONGEST_SCALAR = 65_536;

  /**
   * Characters that the engine takes at a time. It copies them all whenever it looks ahead beyond
   * them: with its own 1024 a line of 16 MiB takes a quarter of an hour, with this one a second.
   */
  private static final int WINDOW = 1 << 20;

  private static final Map<Tag, Kind> KINDS =
      Map.of(
          Tag.NULL, Kind.NULL,
          Tag.BOOL, Kind.BOOLEAN,
          Tag.INT, Kind.INTEGER,
          Tag.FLOAT, Kind.FLOAT,
          Tag.MERGE, Kind.MERGE);

  private final Problems problems;
  private final CoreScalarResolver resolver = new CoreScalarResolver(true);
  private final Map<Anchor, Built> anchors = new HashMap<>();
  private final Iterator<Event> events;
  private Location last;
  private long values;
  private int aliases;

  /** A finished value, the values in it and how deep they are nested. */
  private record Built(Yaml value, long values, int height) {}

  private YamlTree(String text, Problems problems) {
    this.problems = problems;
    this.last = new Location(problems.source(), 1, 1);
    LoadSettings settings =
        LoadSettings.builder()
            .setUseMarks(true)
            .setCodePointLimit(Integer.MAX_VALUE)
            .setBufferSize(WINDOW)
            .build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * Reads a text. Empty when it holds nothing but comments.
   *
   * @throws Unreadable on a syntax error, or when a bound is exceeded
   */
  static Optional<Yaml> read(String text, Problems problems) throws Unreadable {
    return new YamlTree(text, problems).document();
  }

  private Optional<Yaml> document() throws Unreadable {
    next();
    if (next().getEventId() == Event.ID.StreamEnd) {
      return Optional.empty();
    }
    Yaml root = value(next(), 1).value();
    next();
    if (next().getEventId() != Event.ID.StreamEnd) {
      throw unreadable(
          last,
          "several-documents",
          "a second YAML document starts here",
          "write one document for each file, and give several files to the command");
    }
    return Optional.of(root);
  }

  private Event next() throws Unreadable {
    try {
      Event event = events.next();
      last = event.getStartMark().map(this::location).orElse(last);
      return event;
    } catch (MarkedYamlEngineException e) {
      throw syntaxError(e);
    } catch (RuntimeException e) {
      // The engine leaves some faults unmarked, such as a %YAML directive of another version.
      throw unreadable(
          last,
          "yaml-syntax",
          "YAML cannot be read after this place",
          "compare the line with a manifest that works");
    }
  }

  private Built value(Event event, int depth) throws Unreadable {
    Location at = last;
    values++;
    bound(depth, values, at);
    if (event instanceof AliasEvent alias) {
      return alias(alias, depth, at);
    }
    long before = values;
    Built built;
    if (event instanceof ScalarEvent scalar) {
      noTag(scalar.getTag(), at);
      noNovel(scalar, at);
      built = new Built(new Scalar(at, scalar.getValue(), kind(scalar)), 1, 1);
    } else if (event instanceof SequenceStartEvent sequence) {
      noTag(sequence.getTag(), at);
      built = sequence(at, depth, before);
    } else if (event instanceof MappingStartEvent mapping) {
      noTag(mapping.getTag(), at);
      built = mapping(at, depth, before);
    } else {
      throw unreadable(at, "yaml-syntax", "a value is missing here", "write a value");
    }
    ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor, built));
    return built;
  }

  private Built sequence(Location at, int depth, long before) throws Unreadable {
    List<Yaml> items = new ArrayList<>();
    int height = 0;
    for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
      Built item = value(event, depth + 1);
      items.add(item.value());
      height = Math.max(height, item.height());
    }
    return new Built(new Sequence(at, items), values - before + 1, height + 1);
  }

  private Built mapping(Location at, int depth, long before) throws Unreadable {
    List<Entry> entries = new ArrayList<>();
    Map<String, Location> seen = new HashMap<>();
    int height = 0;
    for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
      Location keyAt = last;
      Yaml key = value(event, depth + 1).value();
      Built value = value(next(), depth + 1);
      height = Math.max(height, value.height());
      if (usable(key, keyAt, seen) && key instanceof Scalar scalar) {
        // Behind an alias the key stands where the alias is, not where the anchor is.
        entries.add(new Entry(new Scalar(keyAt, scalar.text(), scalar.kind()), value.value()));
      }
    }
    return new Built(new Mapping(at, entries), values - before + 1, height + 1);
  }

  private boolean usable(Yaml key, Location at, Map<String, Location> seen) {
    if (!(key instanceof Scalar scalar)) {
      problems.error(at, "key-type", "a key is one word, not " + key.sort(), "write key: value");
      return false;
    }
    if (scalar.kind() == Kind.MERGE) {
      problems.error(
          at,
          "merge-key",
          "the merge key << is not part of YAML 1.2",
          "write the keys out, or repeat single values with an anchor (&a) and an alias (*a)");
      return false;
    }
    Location first = seen.putIfAbsent(scalar.text(), at);
    if (first != null) {
      problems.error(
          at,
          "duplicate-key",
          "the key %s is given twice, first on line %d"
              .formatted(Problems.quoted(scalar.text()), first.line()),
          "keep one of the two");
    }
    return first == null;
  }

  private Built alias(AliasEvent event, int depth, Location at) throws Unreadable {
    String name = Problems.quoted("*" + event.getAlias().getValue());
    if (++aliases > MOST_ALIASES) {
      throw unreadable(
          at,
          "too-many-aliases",
          "there are more than %d aliases".formatted(MOST_ALIASES),
          "write the values out");
    }
    Built target = anchors.get(event.getAlias());
    if (target == null) {
      throw unreadable(
          at,
          "unknown-alias",
          "the alias %s has no finished anchor before it".formatted(name),
          "put the anchor (&name) in front of the first such value");
    }
    values += target.values() - 1;
    bound(depth + target.height() - 1, values, at);
    return target;
  }

  private void bound(int depth, long count, Location at) throws Unreadable {
    if (depth > DEEPEST) {
      throw unreadable(
          at,
          "too-deep",
          "values are nested more than %d deep".formatted(DEEPEST),
          "a manifest needs no more than eight levels");
    }
    if (count > MOST_VALUES) {
      throw unreadable(
          at,
          "too-many-values",
          "the manifest has more than %,d values, aliases followed".formatted(MOST_VALUES),
          "divide it into several manifests");
    }
  }

  private static void noNovel(ScalarEvent scalar, Location at) throws Unreadable {
    if (scalar.getValue().length() > LONGEST_SCALAR) {
      throw unreadable(
          at,
          "value-too-long",
          "a value has more than %,d characters".formatted(LONGEST_SCALAR),
          "see whether its closing quote is missing");
    }
  }

  private void noTag(Optional<String> tag, Location at) {
    if (tag.isPresent()) {
      problems.error(
          at,
          "tag",
          "the tag %s is not allowed".formatted(Problems.quoted(tag.get())),
          "remove it; put quotes around a value that is meant as text");
    }
  }

  private Kind kind(ScalarEvent scalar) {
    if (!scalar.isPlain()) {
      return Kind.STRING;
    }
    return KINDS.getOrDefault(resolver.resolve(scalar.getValue(), true), Kind.STRING);
  }

  private Unreadable syntaxError(MarkedYamlEngineException e) {
    Location at = e.getProblemMark().or(e::getContextMark).map(this::location).orElse(last);
    String what = e.getProblem() == null ? "YAML cannot be read here" : e.getProblem();
    if (what.contains("TAB")) {
      return unreadable(
          at, "tab", "a tab is used for indentation", "indent with spaces; YAML allows no tabs");
    }
    String within = e.getContext() == null ? "" : " " + e.getContext();
    return unreadable(
        at,
        "yaml-syntax",
        "not valid YAML%s: %s".formatted(Printable.of(within, 80), Printable.of(what, 160)),
        "mend the syntax; a text with : # { [ or & in it wants quotes");
  }

  private Location location(Mark mark) {
    return new Location(problems.source(), mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static Unreadable unreadable(Location at, String rule, String what, String remedy) {
    return new Unreadable(Problem.error(at, rule, what, remedy));
  }
}
