package dev.modelbake.mirror;

import dev.modelbake.http.Asking;
import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Login;
import dev.modelbake.http.Reply;
import dev.modelbake.http.Send;
import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.Explanation;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.MirrorException;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.oci.Tags;
import dev.modelbake.registry.Registries;
import dev.modelbake.registry.Registry;
import dev.modelbake.trust.TrustedKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a mirror is read from. Nothing that it gives is proven. */
sealed interface MirrorSource {
  /** What to call it. */
  String name();

  /** The bytes of its index; empty when it has none. */
  Optional<byte[]> index();

  /** The signature file of the index, by the ending of its name. */
  Optional<byte[]> signature(String ending);

  /** Where the bytes of a blob are. */
  SourceUrl blob(Digest digest);

  /** A directory. */
  record OfDirectory(MirrorDirectory directory) implements MirrorSource {
    @Override
    public String name() {
      return directory.root().toString();
    }

    @Override
    public Optional<byte[]> index() {
      return directory.indexBytes();
    }

    @Override
    public Optional<byte[]> signature(String ending) {
      return directory.signature(ending);
    }

    @Override
    public SourceUrl blob(Digest digest) {
      return new SourceUrl(directory.blob(digest).toAbsolutePath().toUri());
    }
  }

  /**
   * What a static server serves.
   *
   * @param base without a slash at its end
   */
  record OfServer(SourceUrl base, Asking asking) implements MirrorSource {
    @Override
    public String name() {
      return base.toString();
    }

    @Override
    public Optional<byte[]> index() {
      return get(MirrorDirectory.INDEX, MirrorIndexJson.MOST_BYTES);
    }

    @Override
    public Optional<byte[]> signature(String ending) {
      return get(MirrorDirectory.INDEX + ending, TrustedKeys.MOST);
    }

    private Optional<byte[]> get(String file, int most) {
      SourceUrl url = SourceUrl.parse(base.uri() + "/" + file);
      String doing = "reading " + url;
      try {
        Send send = Send.of(Send.Method.GET, url, Login.NONE).withMost(most);
        Reply reply = asking.send(send, doing);
        if (reply.status() == 404) {
          return Optional.empty();
        }
        if (reply.status() != 200) {
          throw reply.failure();
        }
        return Optional.of(reply.body());
      } catch (HttpFailure e) {
        throw new MirrorException(
            e.trouble().kind(),
            new Explanation(doing, e.what(), "see whether that server serves the mirror"),
            List.of(),
            e);
      }
    }

    @Override
    public SourceUrl blob(Digest digest) {
      return SourceUrl.parse(base.uri() + "/blobs/sha256/" + digest.hex());
    }
  }

  /** A repository of a registry, which keeps the index as an artifact of its own. */
  final class OfRegistry implements MirrorSource {
    private static final JsonBounds BOUNDS = new JsonBounds(4 << 20, 20);
    private static final String TITLE = "org.opencontainers.image.title";

    private final Registry registry;
    private final Asking asking;
    private final Registries registries;
    private @Nullable Map<String, Descriptor> files;

    OfRegistry(Registry registry, Registries registries, Asking asking) {
      this.registry = registry;
      this.registries = registries;
      this.asking = asking;
    }

    @Override
    public String name() {
      return registry.repository().toString();
    }

    @Override
    public Optional<byte[]> index() {
      return file(MirrorDirectory.INDEX, MirrorIndexJson.MOST_BYTES);
    }

    @Override
    public Optional<byte[]> signature(String ending) {
      return file(MirrorDirectory.INDEX + ending, TrustedKeys.MOST);
    }

    @Override
    public SourceUrl blob(Digest digest) {
      return registry.repository().blob(digest);
    }

    private Optional<byte[]> file(String title, int most) {
      Descriptor content = files().get(title);
      if (content == null) {
        return Optional.empty();
      }
      var address = registries.address(blob(content.digest()));
      String doing = "reading " + title + " of " + name();
      try {
        Send send = Send.of(Send.Method.GET, address.url(), address.login()).withMost(most);
        Reply reply = asking.send(send, doing);
        if (reply.status() != 200) {
          throw reply.failure();
        }
        Digest actual = Digest.ofBytes(reply.body());
        if (!actual.equals(content.digest())) {
          throw new DigestMismatchException(
              title + " of " + name(), content, actual, reply.body().length);
        }
        return Optional.of(reply.body());
      } catch (HttpFailure e) {
        throw new MirrorException(
            e.trouble().kind(),
            new Explanation(
                doing, e.what(), "push the mirror again: the registry lost a part of it"),
            List.of(),
            e);
      }
    }

    /** The layers of the index's artifact by their titles. */
    private synchronized Map<String, Descriptor> files() {
      Map<String, Descriptor> known = files;
      if (known == null) {
        Optional<byte[]> manifest = registry.manifest(Tags.INDEX);
        known = manifest.isPresent() ? parse(manifest.get()) : Map.of();
        files = known;
      }
      return known;
    }

    private Map<String, Descriptor> parse(byte[] manifest) {
      try {
        Map<String, Descriptor> found = new HashMap<>();
        if (JsonReader.read(manifest, BOUNDS) instanceof JsonObject json) {
          for (JsonObject layer : json.array("layers").orElseThrow(this::odd).objects()) {
            Optional<JsonObject> notes = layer.object("annotations");
            String title = notes.isPresent() ? notes.get().string(TITLE).orElse("") : "";
            String digest = layer.string("digest").orElse("");
            long size = layer.whole("size").orElse(-1);
            if (digest.matches("sha256:[0-9a-f]{64}") && size >= 0) {
              Digest sha256 = Digest.sha256(digest.substring("sha256:".length()));
              found.put(title, Descriptor.of(sha256, size));
            }
          }
        }
        return found;
      } catch (JsonException e) {
        throw new MirrorException(
            FailureKind.INTEGRITY,
            new Explanation(
                "reading the manifest %s of %s".formatted(Tags.INDEX, name()),
                "it is none that modelbake wrote",
                "push the mirror again"),
            List.of(),
            e);
      }
    }

    private JsonException odd() {
      return new JsonException("it has no layers");
    }
  }
}
