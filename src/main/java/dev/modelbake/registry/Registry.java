package dev.modelbake.registry;

import dev.modelbake.http.Asking;
import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Login;
import dev.modelbake.http.Reply;
import dev.modelbake.http.Send;
import dev.modelbake.http.Send.Method;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.RegistryException;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.oci.MediaTypes;
import dev.modelbake.oci.OciDocument;
import dev.modelbake.oci.Repository;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * One repository of a registry (OCI Distribution Specification 1.1). Safe for use by several
 * threads. What fails for the moment is asked again as the policy says; an upload always begins
 * anew, since one that was broken off cannot be gone on with everywhere.
 */
public final class Registry {
  private static final int MOST_MANIFEST = 4 << 20;
  private static final String ACCEPT = MediaTypes.MANIFEST + ", " + MediaTypes.INDEX;

  private final Repository repository;
  private final String base;
  private final Login login;
  private final Asking asking;

  /**
   * A repository.
   *
   * @param base the URL of its part of the API, with a slash at the end
   */
  Registry(Repository repository, String base, Login login, Asking asking) {
    this.repository = repository;
    this.base = base;
    this.login = login;
    this.asking = asking;
  }

  /** Which one it is. */
  public Repository repository() {
    return repository;
  }

  /**
   * Whether the repository has a blob, as it says.
   *
   * @throws RegistryException if it does not say
   */
  public boolean has(Descriptor blob) {
    Failures failures = new Failures(repository, "looking for " + blob.digest(), blob.size());
    Reply reply = send(Send.of(Method.HEAD, url("blobs/" + blob.digest()), login), failures);
    if (reply.status() == 404) {
      return false;
    }
    failures.demand(reply, 200);
    String length = reply.header("Content-Length").orElse("");
    boolean other = !length.isEmpty() && !length.equals(Long.toString(blob.size().orElse(-1)));
    return !other;
  }

  /** Whether a tag or digest already names this very document. */
  public boolean has(String reference, OciDocument document) {
    Optional<byte[]> there = manifest(reference);
    return there.isPresent() && Digest.ofBytes(there.get()).equals(document.descriptor().digest());
  }

  /**
   * What a tag or a digest names; a digest is checked.
   *
   * @throws RegistryException if it is not given
   */
  public Optional<byte[]> manifest(String reference) {
    Failures failures =
        new Failures(repository, "reading the manifest " + reference, OptionalLong.empty());
    Send send =
        Send.of(Method.GET, url("manifests/" + reference), login)
            .with("Accept", ACCEPT)
            .withMost(MOST_MANIFEST);
    Reply reply = send(send, failures);
    if (reply.status() == 404) {
      return Optional.empty();
    }
    failures.demand(reply, 200);
    byte[] bytes = reply.body();
    boolean byDigest = reference.startsWith("sha256:");
    Digest actual = Digest.ofBytes(bytes);
    if (byDigest && !actual.toString().equals(reference)) {
      throw new DigestMismatchException(
          repository + "@" + reference,
          Descriptor.of(Digest.sha256(reference.substring("sha256:".length())), bytes.length),
          actual,
          bytes.length);
    }
    return Optional.of(bytes);
  }

  /**
   * Stores a manifest or an index under a tag or its digest.
   *
   * @throws RegistryException if it is not taken; {@link RegistryException#status} 400 or 404 when
   *     something that it names is not there
   */
  public void put(String reference, OciDocument document) {
    Failures failures =
        new Failures(repository, "storing the manifest " + reference, document.descriptor().size());
    Send send =
        Send.of(Method.PUT, url("manifests/" + reference), login)
            .with("Content-Type", document.mediaType())
            .with(Send.Body.of(document.bytes()));
    Reply stored = send(send, failures);
    failures.demand(stored, 201);
    failures.demandDigest(stored, document.descriptor().digest());
  }

  /** Takes a blob over from another repository; false when it has to be uploaded after all. */
  public boolean mount(Digest digest, String from) {
    Failures failures =
        new Failures(
            repository, "mounting %s from %s".formatted(digest, from), OptionalLong.empty());
    SourceUrl url = url("blobs/uploads/?mount=%s&from=%s".formatted(digest, from));
    Reply reply = send(Send.of(Method.POST, url, login), failures);
    return reply.status() == 201;
  }

  /**
   * Uploads a document.
   *
   * @throws RegistryException if it is not taken
   */
  public void upload(OciDocument document) {
    upload(document.descriptor(), document.bytes());
  }

  /**
   * Uploads bytes that are in memory anyway.
   *
   * @throws RegistryException if they are not taken
   */
  public void upload(Descriptor content, byte[] bytes) {
    upload(content, () -> Send.Body.of(bytes));
  }

  /**
   * Uploads a file, hashing it on the way: the last bytes are sent only when the digest holds.
   *
   * @param sent hears of bytes that were handed over, again from 0 after a failure
   * @throws DigestMismatchException if the file has other bytes
   * @throws RegistryException if it is not taken
   */
  public void upload(Path file, Descriptor content, LongConsumer sent) {
    upload(content, () -> new FileBody(file, content, sent));
  }

  /** Makes a body anew for each attempt. */
  @FunctionalInterface
  private interface Bodies {
    Send.Body make();
  }

  private void upload(Descriptor content, Bodies bodies) {
    Failures failures = new Failures(repository, "uploading " + content.digest(), content.size());
    for (int attempt = 1; ; attempt++) {
      try {
        upload(content.digest(), bodies.make(), failures);
        return;
      } catch (HttpFailure e) {
        FileBody.damage(e)
            .ifPresent(
                damage -> {
                  throw damage;
                });
        pause(e, attempt, failures);
      }
    }
  }

  private void upload(Digest digest, Send.Body body, Failures failures) throws HttpFailure {
    Reply opened = asking.once(Send.of(Method.POST, url("blobs/uploads/"), login));
    failures.demand(opened, 202);
    SourceUrl place = place(opened, digest, failures);
    boolean home = place.origin().equals(url("").origin());
    Send put =
        Send.of(Method.PUT, place, home ? login : Login.NONE)
            .with("Content-Type", "application/octet-stream")
            .with(body);
    Reply stored = asking.once(put);
    failures.demand(stored, 201);
    failures.demandDigest(stored, digest);
  }

  private void pause(HttpFailure e, int attempt, Failures failures) {
    try {
      asking.pause(e, attempt, failures.doing());
    } catch (HttpFailure last) {
      throw failures.of(last);
    }
  }

  /** Where an upload goes; it may be relative and may have a query of its own. */
  private SourceUrl place(Reply reply, Digest digest, Failures failures) {
    String location = reply.header("Location").orElse("");
    try {
      URI resolved = url("blobs/uploads/").uri().resolve(location);
      String text = resolved.toString();
      SourceUrl url =
          SourceUrl.parse(text + (resolved.getRawQuery() == null ? "?" : "&") + "digest=" + digest);
      boolean weaker = base.startsWith("https:") && !url.scheme().equals("https");
      if (location.isEmpty() || weaker || !url.scheme().startsWith("http")) {
        throw failures.unusable(
            weaker
                ? "it names a place in plain http for the upload; its proxy hides https from it"
                : "it names no place for the upload");
      }
      return url;
    } catch (IllegalArgumentException e) {
      throw failures.unusable("it names no place for the upload");
    }
  }

  private SourceUrl url(String path) {
    return SourceUrl.parse(base + path);
  }

  private Reply send(Send send, Failures failures) {
    try {
      return asking.send(send, failures.doing());
    } catch (HttpFailure e) {
      throw failures.of(e);
    }
  }
}
