package dev.modelbake.mirror;

import dev.modelbake.fetch.FetchSettings;
import dev.modelbake.mirror.MirrorSource.OfDirectory;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.MirrorException;
import dev.modelbake.model.MirrorFailedException;
import dev.modelbake.model.RegistryException;
import dev.modelbake.model.UsageException;
import dev.modelbake.oci.Artifact;
import dev.modelbake.oci.Layer;
import dev.modelbake.oci.MediaTypes;
import dev.modelbake.oci.OciDocument;
import dev.modelbake.oci.Repository;
import dev.modelbake.oci.Tags;
import dev.modelbake.registry.Registry;
import dev.modelbake.trust.TrustedKeys;
import dev.modelbake.work.Workers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pushes a mirror to a registry: an artifact and a tag for each model, and one for the index, last.
 * Blobs come before whatever names them.
 */
public final class Pusher {
  private final FetchSettings settings;
  private final Workers workers;
  private final BakeListener listener;

  /** A pusher. */
  public Pusher(FetchSettings settings, Workers workers, BakeListener listener) {
    this.settings = settings;
    this.workers = workers;
    this.listener = listener;
  }

  /**
   * Pushes a mirror; what the registry has already is not sent.
   *
   * @param place {@code oci://HOST/REPOSITORY}
   * @param others repositories of the same registry which may have blobs already
   * @param keys of which one must have signed the index
   * @throws BakeException unless all of it is there
   */
  public Pushed push(Path directory, String place, List<String> others, TrustedKeys keys) {
    for (String other : others) {
      if (!Repository.isName(other)) {
        throw new UsageException(
            "reading --mount-from",
            "it is no name of a repository",
            "write the name alone, without the host, in lower case");
      }
    }
    long begin = System.nanoTime();
    MirrorDirectory mirror = new MirrorDirectory(directory);
    Reading reading = Reading.of(new OfDirectory(mirror), keys);
    Contents contents = Contents.of(reading.index());
    Importer.checkWhole(mirror, contents);
    try (Mirrors mirrors = new Mirrors(settings, listener)) {
      Registry registry = mirrors.writing(place, others);
      checkLast(mirrors.source(registry), reading);
      Push push = new Push(mirror, registry, others);
      Pushed pushed = push.run(reading, contents.artifacts());
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      listener.on(new BakeEvent.Finished(reading.index().blobs().size(), 0, took));
      return pushed;
    }
  }

  /**
   * Refuses to take the place of another mirror, or of a newer one. It is the first question too:
   * does the registry answer, and who are we to it?
   */
  private static void checkLast(MirrorSource there, Reading reading) {
    Optional<MirrorIndex> last;
    try {
      last = there.index().map(bytes -> MirrorIndexJson.read(there.name(), bytes));
    } catch (MirrorException e) {
      return; // half of one was pushed, or it lost a part: this push makes it whole
    }
    if (last.isEmpty()) {
      return;
    }
    if (!last.get().name().equals(reading.index().name())) {
      throw new CannotCreateException(
          there.name(),
          "it holds the mirror '%s', and this one is '%s'"
              .formatted(last.get().name(), reading.index().name()),
          "push it to a repository of its own",
          null);
    }
    reading.checkNewer(last.get(), "the index that is pushed to " + there.name());
  }

  /** One push. */
  private final class Push {
    private final MirrorDirectory mirror;
    private final Registry registry;
    private final List<String> others;
    private final AtomicInteger uploaded = new AtomicInteger();
    private final Map<String, Digest> tags = new LinkedHashMap<>();

    Push(MirrorDirectory mirror, Registry registry, List<String> others) {
      this.mirror = mirror;
      this.registry = registry;
      this.others = others;
    }

    Pushed run(Reading reading, Map<String, Artifact> artifacts) {
      MirrorIndex index = reading.index();
      listener.on(new BakeEvent.Planned(index.blobs().size(), 0, index.size()));
      blobs(index.blobs(), false);
      try {
        artifacts.forEach(this::tag);
      } catch (RegistryException e) {
        if (e.status() != 400 && e.status() != 404) {
          throw e;
        }
        // It said that it had a blob and lost it meanwhile: this time it is not asked.
        blobs(index.blobs(), true);
        artifacts.forEach(this::tag);
      }
      List<Layer> layers = indexLayers(reading);
      tag(Tags.INDEX, Artifact.ofIndex(layers));
      return new Pushed(index, tags, uploaded.get());
    }

    private void blobs(Map<Descriptor, String> blobs, boolean again) {
      List<BakeException> failures =
          workers.forEach(
              List.copyOf(blobs.entrySet()), "pushing a mirror", blob -> blob(blob, again));
      if (!failures.isEmpty()) {
        throw new MirrorFailedException(
            "pushing %s to %s".formatted(mirror.root(), registry.repository()),
            "no manifest was stored",
            failures);
      }
    }

    private void blob(Map.Entry<Descriptor, String> blob, boolean again) {
      Descriptor content = blob.getKey();
      String name = blob.getValue();
      Candidate candidate =
          new Candidate(
              registry.repository().blob(content.digest()),
              Candidate.Role.SITE_MIRROR,
              Candidate.Form.DOWNLOAD);
      try {
        if (!again && (registry.has(content) || isMounted(content))) {
          listener.on(new BakeEvent.Kept(name));
          return;
        }
        listener.on(new BakeEvent.Fetching(name, candidate, content.size()));
        registry.upload(
            mirror.blob(content.digest()),
            content,
            sent -> listener.on(new BakeEvent.Received(name, sent, sent)));
        uploaded.incrementAndGet();
        listener.on(new BakeEvent.Verified(name, candidate, content));
      } catch (BakeException failure) {
        listener.on(new BakeEvent.Failed(name, failure));
        throw failure;
      }
    }

    private boolean isMounted(Descriptor content) {
      return others.stream().anyMatch(other -> registry.mount(content.digest(), other));
    }

    private void tag(String tag, Artifact artifact) {
      tags.put(tag, artifact.top().descriptor().digest());
      if (registry.has(tag, artifact.top())) {
        return;
      }
      for (OciDocument config : artifact.configs()) {
        if (!registry.has(config.descriptor())) {
          registry.upload(config);
          uploaded.incrementAndGet();
        }
      }
      for (OciDocument manifest : artifact.manifests()) {
        registry.put(manifest.descriptor().digest().toString(), manifest);
      }
      registry.put(tag, artifact.top());
    }

    private List<Layer> indexLayers(Reading reading) {
      List<Layer> layers = new ArrayList<>();
      layers.add(layer(MediaTypes.MIRROR_INDEX, MirrorDirectory.INDEX, reading.bytes()));
      reading
          .signatures()
          .forEach(
              (ending, bytes) ->
                  layers.add(layer(MediaTypes.SIGNATURE, MirrorDirectory.INDEX + ending, bytes)));
      return layers;
    }

    private Layer layer(String mediaType, String name, byte[] bytes) {
      Descriptor content = Descriptor.of(Digest.ofBytes(bytes), bytes.length);
      if (!registry.has(content)) {
        registry.upload(content, bytes);
        uploaded.incrementAndGet();
      }
      return new Layer(mediaType, content, name);
    }
  }
}
