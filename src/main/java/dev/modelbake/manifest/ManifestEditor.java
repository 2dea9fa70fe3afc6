package dev.modelbake.manifest;

import dev.modelbake.manifest.Setting.Value;
import dev.modelbake.model.Location;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Sets values in the text of a manifest that can be read, and changes no other character of it:
 * comments, order, quotes and indentation stay as they are.
 *
 * <p>A new key comes after the one it belongs to ({@code sha256} after {@code url}), on a line of
 * its own in block style and on the same line in flow style. What comes out is read again, and must
 * be the old manifest with these values.
 */
public final class ManifestEditor {
  /** After which keys a new one stands, the last that is there. */
  private static final Map<String, List<String>> AFTER =
      Map.of(
          "sha256", List.of("path", "url", "mirrors"),
          "size", List.of("path", "url", "mirrors", "sha256"),
          "lfs", List.of("path", "sha256", "size"),
          "unpacked", List.of("url", "mirrors", "sha256", "size", "unpack", "strip", "include"),
          "members", List.of("url", "mirrors", "sha256", "size", "unpack", "strip", "include"),
          "revision", List.of("repo", "type"),
          "ref", List.of("repo", "type", "revision"));

  private static final int DEEPEST_COPY = 1_000_000;

  private final String source;
  private final Source text;
  private final Node root;
  private final Map<Long, MappingNode> mappings = new LinkedHashMap<>();
  private final Set<Node> shared = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Splice> splices = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();

  /** Characters to put in the place of others. */
  private record Splice(int from, int to, String with, int order) {}

  /** What a value must be afterwards. */
  private record Change(MappingNode mapping, Setting setting) {}

  /**
   * An editor.
   *
   * @param source what the text is called in messages
   * @param text of a manifest that was read without an error
   */
  public ManifestEditor(String source, String text) {
    this.source = source;
    this.text = new Source(text);
    this.root = compose(this.text.plain());
    index(root, Collections.newSetFromMap(new IdentityHashMap<>()), 0);
  }

  /**
   * Sets values in a mapping.
   *
   * @param at where the mapping begins
   * @param path keys that lead from it to a mapping inside
   * @param comment for the end of the line of the first new key, where a comment can stand
   * @throws ManifestException if the mapping stands in several places through an alias
   */
  public void set(
      Location at, List<String> path, List<Setting> settings, Optional<String> comment) {
    MappingNode mapping = find(at, path);
    if (shared.contains(mapping)) {
      throw new ManifestException(
          List.of(
              Problem.error(
                  new Location(source, at.line(), at.column()),
                  "shared-entry",
                  "the entry is used again through an alias, so a pin would change both",
                  "write the entry out where the alias is")));
    }
    Optional<String> note = comment;
    Optional<Placed> behind = Optional.empty();
    for (Setting setting : settings) {
      changes.add(new Change(mapping, setting));
      Optional<NodeTuple> there = entry(mapping, setting.key());
      if (there.isPresent()) {
        replace(mapping, there.get(), setting.value());
        behind = Optional.empty();
      } else {
        behind = Optional.of(add(mapping, setting, behind, note));
        note = Optional.empty();
      }
    }
  }

  /**
   * The edited text.
   *
   * @throws IllegalStateException if it would not be the manifest that is meant
   */
  public String text() {
    String plain = text.plain();
    List<Splice> sorted = new ArrayList<>(splices);
    sorted.sort(Comparator.comparingInt(Splice::from).thenComparingInt(Splice::order));
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (Splice splice : sorted) {
      out.append(plain, from, splice.from()).append(splice.with());
      from = splice.to();
    }
    String edited = out.append(plain, from, plain.length()).toString();
    IdentityHashMap<MappingNode, List<Setting>> wanted = new IdentityHashMap<>();
    changes.forEach(
        change ->
            wanted.computeIfAbsent(change.mapping(), m -> new ArrayList<>()).add(change.setting()));
    if (!values(root, wanted).equals(values(compose(edited), new IdentityHashMap<>()))) {
      throw new IllegalStateException("the edit would change more than it should: " + source);
    }
    return text.withMark(edited);
  }

  private static Node compose(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setUseMarks(true)
            .setCodePointLimit(Integer.MAX_VALUE)
            .setMaxAliasesForCollections(DEEPEST_COPY)
            .setBufferSize(1 << 20)
            .build();
    return new Compose(settings).composeString(text).orElseThrow();
  }

  /** Finds mappings by place, and those which stand in several. */
  private void index(Node node, Set<Node> seen, int depth) {
    if (!(node instanceof CollectionNode<?>)) {
      return;
    }
    if (!seen.add(node)) {
      share(node);
      return;
    }
    if (node instanceof MappingNode mapping) {
      Mark start = mapping.getStartMark().orElseThrow();
      mappings.putIfAbsent(place(start.getLine() + 1, start.getColumn() + 1), mapping);
      mapping.getValue().forEach(tuple -> index(tuple.getValueNode(), seen, depth + 1));
    } else if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(item -> index(item, seen, depth + 1));
    }
  }

  private void share(Node node) {
    if (!shared.add(node)) {
      return;
    }
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(tuple -> share(tuple.getValueNode()));
    } else if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(this::share);
    }
  }

  private static long place(int line, int column) {
    return ((long) line << 32) | column;
  }

  private MappingNode find(Location at, List<String> path) {
    Node node = mappings.get(place(at.line(), at.column()));
    for (String key : path) {
      node =
          node instanceof MappingNode mapping
              ? entry(mapping, key).map(NodeTuple::getValueNode).orElse(null)
              : null;
    }
    if (node instanceof MappingNode mapping) {
      return mapping;
    }
    throw new IllegalArgumentException("no mapping at " + at + " " + path);
  }

  private static Optional<NodeTuple> entry(MappingNode mapping, String key) {
    return mapping.getValue().stream()
        .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode k && k.getValue().equals(key))
        .findFirst();
  }

  private void splice(int from, int to, String with) {
    splices.add(new Splice(from, to, with, splices.size()));
  }

  private YamlWords words(MappingNode mapping) {
    boolean json =
        mapping.getFlowStyle() == FlowStyle.FLOW
            && mapping.getValue().stream().anyMatch(tuple -> isQuoted(tuple.getKeyNode()));
    return new YamlWords(json ? YamlWords.Style.JSON : YamlWords.Style.YAML);
  }

  private static boolean isQuoted(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.getScalarStyle() == ScalarStyle.DOUBLE_QUOTED;
  }

  private void replace(MappingNode mapping, NodeTuple entry, Value value) {
    Node old = entry.getValueNode();
    String with = words(mapping).flow(value);
    if (old instanceof ScalarNode scalar && value instanceof Value.Text plain) {
      with =
          switch (scalar.getScalarStyle()) {
            case DOUBLE_QUOTED -> new YamlWords(YamlWords.Style.JSON).text(plain.text());
            case SINGLE_QUOTED -> "'" + plain.text().replace("'", "''") + "'";
            default -> with;
          };
    }
    int from = text.offset(old.getStartMark().orElseThrow());
    splice(from, contentEnd(old), with);
  }

  /** A place behind which new keys of a mapping go. */
  private record Placed(int offset) {}

  private Placed add(
      MappingNode mapping, Setting setting, Optional<Placed> behind, Optional<String> comment) {
    return mapping.getFlowStyle() == FlowStyle.FLOW
        ? addInline(mapping, setting, behind, comment)
        : addLine(mapping, setting, behind, comment);
  }

  private Placed addInline(
      MappingNode mapping, Setting setting, Optional<Placed> behind, Optional<String> comment) {
    YamlWords words = words(mapping);
    String entry = words.key(setting.key()) + " " + words.flow(setting.value());
    int end = text.offset(mapping.getEndMark().orElseThrow());
    if (mapping.getValue().isEmpty() && behind.isEmpty()) {
      splice(end - 1, end - 1, entry);
    } else {
      int offset =
          behind
              .map(Placed::offset)
              .orElseGet(() -> contentEnd(anchor(mapping, setting.key()).getValueNode()));
      splice(offset, offset, ", " + entry);
      if (comment.isPresent() && words.style() == YamlWords.Style.YAML) {
        commentAfter(mapping, end, comment.get());
      }
      return new Placed(offset);
    }
    return new Placed(end - 1);
  }

  /** A comment fits behind a mapping of one line when nothing else follows on it. */
  private void commentAfter(MappingNode mapping, int end, String comment) {
    boolean oneLine =
        mapping.getStartMark().orElseThrow().getLine()
            == mapping.getEndMark().orElseThrow().getLine();
    int lineEnd = text.lineEnd(end);
    if (oneLine && text.plain().substring(end, lineEnd).isBlank() && !root.equals(mapping)) {
      splice(end, end, "  # " + comment);
    }
  }

  private Placed addLine(
      MappingNode mapping, Setting setting, Optional<Placed> behind, Optional<String> comment) {
    YamlWords words = words(mapping);
    // The mapping's own mark may be at its anchor.
    Node first = mapping.getValue().get(0).getKeyNode();
    String indent = " ".repeat(first.getStartMark().orElseThrow().getColumn());
    int offset =
        behind
            .map(Placed::offset)
            .orElseGet(
                () -> text.lineEnd(contentEnd(anchor(mapping, setting.key()).getValueNode())));
    StringBuilder lines = new StringBuilder();
    String note = comment.map(words2 -> "  # " + words2).orElse("");
    lines.append(text.newline()).append(indent).append(words.key(setting.key()));
    if (setting.value() instanceof Value.Items items) {
      lines.append(note);
      words.lines(items, indent + "  ").forEach(line -> lines.append(text.newline()).append(line));
    } else {
      lines.append(' ').append(words.flow(setting.value())).append(note);
    }
    splice(offset, offset, lines.toString());
    return new Placed(offset);
  }

  /** The entry behind which a key belongs; the last one when it belongs nowhere. */
  private static NodeTuple anchor(MappingNode mapping, String key) {
    List<NodeTuple> entries = mapping.getValue();
    Set<String> before = new HashSet<>(AFTER.getOrDefault(key, List.of()));
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).getKeyNode() instanceof ScalarNode k && before.contains(k.getValue())) {
        return entries.get(i);
      }
    }
    return entries.get(entries.size() - 1);
  }

  /** Where the last character of a value ends; a block's own mark lies behind what follows it. */
  private int contentEnd(Node node) {
    if (node instanceof CollectionNode<?> collection
        && collection.getFlowStyle() != FlowStyle.FLOW
        && !collection.getValue().isEmpty()) {
      if (node instanceof MappingNode mapping) {
        List<NodeTuple> entries = mapping.getValue();
        return contentEnd(entries.get(entries.size() - 1).getValueNode());
      }
      List<Node> items = ((SequenceNode) node).getValue();
      return contentEnd(items.get(items.size() - 1));
    }
    int end = text.offset(node.getEndMark().orElseThrow());
    boolean block =
        node instanceof ScalarNode scalar
            && (scalar.getScalarStyle() == ScalarStyle.LITERAL
                || scalar.getScalarStyle() == ScalarStyle.FOLDED);
    return block ? text.lastBefore(end) : end;
  }

  /** The values of a text, with some of them set. */
  private static Object values(Node node, IdentityHashMap<MappingNode, List<Setting>> wanted) {
    if (node instanceof MappingNode mapping) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (NodeTuple tuple : mapping.getValue()) {
        String key = tuple.getKeyNode() instanceof ScalarNode k ? k.getValue() : "";
        values.put(key, values(tuple.getValueNode(), wanted));
      }
      wanted
          .getOrDefault(mapping, List.of())
          .forEach(setting -> values.put(setting.key(), value(setting.value())));
      return values;
    }
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream().map(item -> values(item, wanted)).toList();
    }
    ScalarNode scalar = (ScalarNode) node;
    return scalar.getTag() + " " + scalar.getValue();
  }

  private static Object value(Value value) {
    if (value instanceof Value.Table table) {
      Map<String, Object> values = new LinkedHashMap<>();
      table.settings().forEach(setting -> values.put(setting.key(), value(setting.value())));
      return values;
    }
    if (value instanceof Value.Items items) {
      return items.items().stream().map(ManifestEditor::value).toList();
    }
    String word = new YamlWords(YamlWords.Style.YAML).flow(value);
    return values(compose(word), new IdentityHashMap<>());
  }
}
