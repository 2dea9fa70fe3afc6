package dev.modelbake.mirror;

import dev.modelbake.fetch.Fetched;
import dev.modelbake.fetch.Fetcher;
import dev.modelbake.mirror.MirrorIndex.MirrorFile;
import dev.modelbake.mirror.MirrorIndex.MirrorModel;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.UsageException;
import dev.modelbake.store.BlobStore;
import dev.modelbake.work.Workers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Makes a mirror of what manifests name, or adds to one. */
public final class Exporter {
  private final Fetcher fetcher;
  private final Workers workers;
  private final BakeListener listener;

  /** An exporter that fetches with this fetcher. */
  public Exporter(Fetcher fetcher, Workers workers, BakeListener listener) {
    this.fetcher = fetcher;
    this.workers = workers;
    this.listener = listener;
  }

  /**
   * What is to be made.
   *
   * @param licenses by model
   * @param from directories in which bytes are looked for first
   * @param name of the mirror; else that of the mirror that is there, else {@code models}
   * @param counter of its index; else one more than the last, when anything changed
   * @param tool the directory of the running program, when it shall travel too
   */
  public record Order(
      Map<String, String> licenses,
      List<Path> from,
      Optional<String> name,
      OptionalLong counter,
      Optional<Path> tool) {
    /** Enough for a date with a time, and far from the end of a long. */
    public static final long MOST = 999_999_999_999_999L;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    public Order {
      if (name.filter(one -> !NAME.matcher(one).matches()).isPresent()) {
        throw new UsageException(
            "reading --name",
            "it is empty, too long, or has other characters",
            "write letters, digits and . _ - between them, 128 at most");
      }
      if (counter.isPresent() && (counter.getAsLong() < 0 || counter.getAsLong() > MOST)) {
        throw new UsageException("reading --counter", "it is out of range", "give 0 to " + MOST);
      }
      licenses = Map.copyOf(licenses);
      from = List.copyOf(from);
    }
  }

  /**
   * Fetches every download of a plan into a mirror and writes its index. What is there already with
   * the right bytes stays.
   *
   * @return the index
   * @throws BakeException if anything cannot be had; what came is kept for the next time, and the
   *     index stays as it was
   */
  public MirrorIndex export(Plan plan, Path directory, Order order) {
    long begin = System.nanoTime();
    MirrorDirectory mirror = new MirrorDirectory(directory);
    List<Holding> holdings = Holding.of(plan);
    mirror.checkFits(pins(holdings));
    mirror.requireOurs();
    Downloads downloads = new Downloads(fetcher, workers, listener);
    MirrorIndex index = downloads.alone(directory, store -> fill(store, mirror, holdings, order));
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    listener.on(new BakeEvent.Finished(holdings.size(), 0, took));
    return index;
  }

  private MirrorIndex fill(
      BlobStore store, MirrorDirectory mirror, List<Holding> holdings, Order order) {
    Optional<MirrorIndex> old = mirror.index();
    old.ifPresent(last -> requireGrowth(last, order));
    mirror.begin(() -> old.map(Contents::of).orElse(Contents.NONE), wanted(holdings));
    Trees trees = Trees.search(order.from(), wanted(holdings));
    Map<Digest, Fetched> fetched = fetch(holdings, trees, store);
    List<MirrorFile> tool =
        order.tool().map(home -> Tool.copy(home, mirror.root())).orElse(List.of());
    MirrorIndex index = index(holdings, fetched, old, order, tool, mirror);
    Contents contents = Contents.of(index);
    mirror.write(contents, MirrorIndexJson.write(index), Map.of());
    mirror.end(contents);
    return index;
  }

  private static void requireGrowth(MirrorIndex last, Order order) {
    if (order.counter().isPresent() && order.counter().getAsLong() < last.counter()) {
      throw new UsageException(
          "reading --counter",
          "%d is lower than the mirror's %d, so importers would refuse it"
              .formatted(order.counter().getAsLong(), last.counter()),
          "give a higher one, or none");
    }
  }

  private static Map<Descriptor, String> pins(List<Holding> holdings) {
    Map<Descriptor, String> pins = new LinkedHashMap<>();
    for (Holding holding : holdings) {
      holding.file().pin().ifPresent(pin -> pins.putIfAbsent(pin, holding.file().name()));
    }
    return pins;
  }

  private static List<Descriptor> wanted(List<Holding> holdings) {
    return holdings.stream().flatMap(holding -> holding.pins().stream()).toList();
  }

  private Map<Digest, Fetched> fetch(List<Holding> holdings, Trees trees, BlobStore store) {
    Map<Digest, PlannedFile> once = new LinkedHashMap<>();
    for (Holding holding : holdings) {
      once.putIfAbsent(holding.file().pin().orElseThrow().digest(), trees.first(holding.file()));
    }
    return new Downloads(fetcher, workers, listener).into(store, once);
  }

  private static MirrorIndex index(
      List<Holding> holdings,
      Map<Digest, Fetched> fetched,
      Optional<MirrorIndex> old,
      Order order,
      List<MirrorFile> tool,
      MirrorDirectory mirror) {
    Map<String, List<MirrorFile>> files = new LinkedHashMap<>();
    for (Holding holding : holdings) {
      Digest digest = holding.file().pin().orElseThrow().digest();
      Fetched came = Optional.ofNullable(fetched.get(digest)).orElseThrow();
      files
          .computeIfAbsent(holding.model(), model -> new ArrayList<>())
          .add(holding.entry(came.blob().descriptor(), came.candidate()));
    }
    Map<String, MirrorModel> models = new TreeMap<>();
    old.stream()
        .flatMap(index -> index.models().stream())
        .filter(model -> isWhole(model, mirror))
        .forEach(model -> models.put(model.name(), model));
    files.forEach(
        (model, entries) ->
            models.put(
                model,
                new MirrorModel(model, Optional.ofNullable(order.licenses().get(model)), entries)));
    List<MirrorModel> sorted =
        models.values().stream().sorted(Comparator.comparing(MirrorModel::name)).toList();
    String name = order.name().or(() -> old.map(MirrorIndex::name)).orElse("models");
    List<MirrorFile> carried = tool.isEmpty() ? old.map(MirrorIndex::tool).orElse(tool) : tool;
    MirrorIndex draft = new MirrorIndex(name, 0, sorted, carried);
    return draft.with(counter(draft, old, order.counter()));
  }

  private static boolean isWhole(MirrorModel model, MirrorDirectory mirror) {
    return model.files().stream()
        .allMatch(file -> mirror.sizeOf(file.content().digest()) == file.size());
  }

  /** An index that says nothing new keeps its counter, and with it its signature. */
  private static long counter(MirrorIndex draft, Optional<MirrorIndex> old, OptionalLong given) {
    if (given.isPresent()) {
      return given.getAsLong();
    }
    return old.map(last -> last.counter() + (last.isSameAs(draft) ? 0 : 1)).orElse(1L);
  }
}
