package dev.modelbake.fetch;

import dev.modelbake.http.HttpClient;
import dev.modelbake.http.Time;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Candidate.Form;
import dev.modelbake.model.CredentialException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.FetchException;
import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.model.Origin;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.UnpinnedException;
import dev.modelbake.registry.Registries;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;

/**
 * Gets the bytes of planned files for one run: what is there already first, then the candidates in
 * order. Safe for use by several threads; equal files that are wanted at the same time are fetched
 * once.
 */
public final class Fetcher implements AutoCloseable {
  private final Tools tools;
  private final Map<Digest, ReentrantLock> underWay = new ConcurrentHashMap<>();
  private final Map<Digest, Path> fetched = new ConcurrentHashMap<>();

  /**
   * A fetcher for one run; its deadline begins now.
   *
   * @throws EnvironmentException if a proxy variable holds no proxy
   */
  public Fetcher(FetchSettings settings, BakeListener listener) {
    this(settings, listener, Time.SYSTEM, () -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * The same by another clock.
   *
   * @param random 0 to 1, for the jitter of pauses
   */
  public Fetcher(FetchSettings settings, BakeListener listener, Time time, DoubleSupplier random) {
    HttpClient client = new HttpClient(settings.http(), time);
    tools =
        new Tools(
            settings,
            client,
            new Registries(client, settings.http(), settings.registries(), time),
            listener,
            time,
            random,
            new Hosts(settings.connectionsPerHost(), time),
            new Shelf(settings.store(), listener, time),
            new Buffers());
  }

  /**
   * Gets one file's bytes into staging.
   *
   * @throws FetchException if no candidate gave them; it holds every candidate's failure
   * @throws DigestMismatchException if parts are right, but not what they make together
   * @throws UnpinnedException if the manifest does not pin them
   * @throws DiskException if they cannot be written
   * @throws CredentialException if a credential's file cannot be read
   * @throws EnvironmentException if a token or certificate bundle cannot be used
   * @throws InterruptedBakeException if the thread was interrupted
   */
  public Fetched fetch(PlannedFile file, BlobStore staging) {
    Digest digest =
        file.pin()
            .map(Descriptor::digest)
            .orElseThrow(
                () ->
                    new UnpinnedException(
                        "fetching", List.of(file.name()), "sha256", "run modelbake pin"));
    ReentrantLock lock = underWay.computeIfAbsent(digest, d -> new ReentrantLock());
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedBakeException("fetching " + file.name());
    }
    try {
      Optional<Fetched> there = reuse(file, staging);
      Fetched result = there.orElseGet(() -> obtain(file, staging));
      fetched.put(result.blob().descriptor().digest(), result.blob().path());
      return result;
    } finally {
      lock.unlock();
    }
  }

  private Fetched obtain(PlannedFile file, BlobStore staging) {
    if (file.origin() instanceof Origin.Literal literal) {
      return new Making(this, tools).literal(file, literal.text(), staging);
    }
    if (file.origin() instanceof Origin.Parts parts) {
      return new Making(this, tools).joined(file, parts, staging);
    }
    BlobStore into = tools.shelf().store().orElse(staging);
    Turns turns = new Turns(tools.listener(), tools.time());
    Fetched result;
    try (Turns.Turn turn = turns.take(into, file.pin().orElseThrow().digest(), file.name())) {
      // Whoever had the turn before may have brought it, also just before it was free.
      Optional<Fetched> meanwhile = turn.isOne() ? reuse(file, staging) : Optional.empty();
      result = meanwhile.orElseGet(() -> new FileFetch(file, staging, tools).run());
    }
    tidy(file, into);
    return result;
  }

  /** What killed runs left of a file that is here now is of no use to anybody. */
  private static void tidy(PlannedFile file, BlobStore store) {
    for (Form form : Form.values()) {
      new Wanted(file).pin(form).ifPresent(pin -> tidy(pin.digest(), store));
    }
  }

  private static void tidy(Digest digest, BlobStore store) {
    try {
      store.tidy(digest);
    } catch (IOException e) {
      // It costs room, no more.
      return;
    }
  }

  /**
   * Gets what a file's sources give, whatever it is, in order to pin it: the blob's descriptor is
   * what came. Never for a bake.
   *
   * @param size that it must have, when that is known
   * @param others digests to compute beside SHA-256
   * @throws FetchException if no candidate gave anything that may be a model
   */
  public Fetched firstSight(
      PlannedFile file, OptionalLong size, Collection<DigestAlgorithm> others, BlobStore staging) {
    return new FirstSight(file, staging, tools).run(size, others);
  }

  /** Puts blobs behind each other, in order to pin the whole. Never for a bake. */
  public Blob firstSight(PlannedFile file, List<Blob> parts, BlobStore staging) {
    Part whole = Part.unpinned(staging, OptionalLong.empty(), List.of(), file.name());
    return new Making(this, tools).join(file.name(), parts, whole);
  }

  /** Says that a store is in use, while another may clean it up; waits for that other one. */
  public void use(BlobStore store) {
    new Turns(tools.listener(), tools.time()).use(store);
  }

  /**
   * How a source is reached, for people: the proxy and the certificate authorities. Holds no
   * secret.
   */
  public String describeRoute(SourceUrl url) {
    return tools.client().describeRoute(tools.registries().address(url).url());
  }

  /** Closes connections. */
  @Override
  public void close() {
    tools.shelf().close();
    tools.client().close();
  }

  /** What an earlier run staged, what this run has, what the store has; all of it proven again. */
  private Optional<Fetched> reuse(PlannedFile file, BlobStore staging) {
    for (Form form : Form.values()) {
      Optional<Descriptor> pin = new Wanted(file).pin(form);
      if (pin.isPresent()) {
        Optional<Fetched> found =
            staged(file, staging, form)
                .or(() -> copied(file, staging, form))
                .or(() -> stored(file, staging, form));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Fetched> staged(PlannedFile file, BlobStore staging, Form form) {
    Descriptor pin = new Wanted(file).pin(form).orElseThrow();
    try {
      return staging.reuse(pin).map(blob -> found(file, blob, candidate(blob.path(), form)));
    } catch (IOException e) {
      throw Disks.failure(staging.root(), pin.size(), e);
    }
  }

  private Optional<Fetched> copied(PlannedFile file, BlobStore staging, Form form) {
    Descriptor pin = new Wanted(file).pin(form).orElseThrow();
    Path source = fetched.get(pin.digest());
    if (source == null || !Files.exists(source)) {
      return Optional.empty();
    }
    try {
      return Optional.of(copy(file, staging, candidate(source, form)));
    } catch (SourceException | DigestMismatchException e) {
      // It was published or unpacked meanwhile.
      return Optional.empty();
    }
  }

  private Optional<Fetched> stored(PlannedFile file, BlobStore staging, Form form) {
    Optional<Path> source = tools.shelf().find(new Wanted(file).pin(form).orElseThrow());
    if (source.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(copy(file, staging, candidate(source.get(), form)));
    } catch (DigestMismatchException e) {
      tools.shelf().setAside(source.get());
    } catch (SourceException e) {
      if (e.size().isPresent()) {
        tools.shelf().setAside(source.get());
      }
    }
    return Optional.empty();
  }

  private Fetched copy(PlannedFile file, BlobStore staging, Candidate candidate)
      throws SourceException {
    Descriptor pin = new Wanted(file).pin(candidate.form()).orElseThrow();
    Progress progress = new Progress(file.name(), tools.listener(), tools.time());
    Blob blob =
        new Copies(file, staging, progress)
            .copy(Path.of(candidate.url().uri()), pin, LocalCopy.Counting.REUSED);
    return found(file, blob, candidate);
  }

  private Fetched found(PlannedFile file, Blob blob, Candidate candidate) {
    tools.listener().on(new BakeEvent.Fetching(file.name(), candidate, blob.descriptor().size()));
    tools.listener().on(new BakeEvent.Verified(file.name(), candidate, blob.descriptor()));
    return new Fetched(blob, candidate, 0, List.of());
  }

  static Candidate candidate(Path path, Form form) {
    return new Candidate(new SourceUrl(path.toUri()), Candidate.Role.STORE, form);
  }
}
