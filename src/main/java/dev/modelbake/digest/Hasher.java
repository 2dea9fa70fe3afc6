package dev.modelbake.digest;

import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake3Digest;

/** Computes one or several digests of one stream of bytes; not for use by several threads. */
public final class Hasher {
  private static final int BUFFER = 256 << 10;

  private final Map<DigestAlgorithm, Running> running = new EnumMap<>(DigestAlgorithm.class);
  private final OfJdk sha256 = new OfJdk("SHA-256");
  private long length;

  private Hasher(Collection<DigestAlgorithm> others) {
    running.put(DigestAlgorithm.SHA256, sha256);
    others.forEach(algorithm -> running.computeIfAbsent(algorithm, Hasher::start));
  }

  /** Computes SHA-256 and these algorithms too. */
  public static Hasher of(Collection<DigestAlgorithm> others) {
    return new Hasher(others);
  }

  /** The SHA-256 of a file. */
  public static Digest sha256(Path file) throws IOException {
    Hasher hasher = new Hasher(List.of());
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hasher.update(ByteBuffer.wrap(buffer, 0, n));
      }
    }
    return hasher.finish().sha256();
  }

  /** Takes the remaining bytes of a buffer, whose position moves to its limit. */
  public void update(ByteBuffer bytes) {
    length += bytes.remaining();
    int start = bytes.position();
    for (Running one : running.values()) {
      bytes.position(start);
      one.update(bytes);
    }
    bytes.position(bytes.limit());
  }

  /** The number of bytes taken so far. */
  public long length() {
    return length;
  }

  /** The digests of all bytes taken; the hasher starts anew afterwards. */
  public Digests finish() {
    Map<DigestAlgorithm, Digest> digests = new EnumMap<>(DigestAlgorithm.class);
    running.forEach((algorithm, one) -> digests.put(algorithm, Digest.of(algorithm, one.finish())));
    length = 0;
    return new Digests(digests);
  }

  /** The SHA-256 of the bytes taken so far; more may follow. */
  public Digest sha256SoFar() {
    return Digest.of(DigestAlgorithm.SHA256, sha256.soFar());
  }

  private static Running start(DigestAlgorithm algorithm) {
    return switch (algorithm) {
      case SHA256 -> new OfJdk("SHA-256");
      case SHA512 -> new OfJdk("SHA-512");
      case MD5 -> new OfJdk("MD5");
      case SHA1 -> new OfJdk("SHA-1");
      case BLAKE2B -> new OfBouncyCastle(new Blake2bDigest(512));
      case BLAKE3 -> new OfBouncyCastle(new Blake3Digest(256));
    };
  }

  private interface Running {
    void update(ByteBuffer bytes);

    byte[] finish();
  }

  private static final class OfJdk implements Running {
    private final MessageDigest digest;

    OfJdk(String name) {
      try {
        digest = MessageDigest.getInstance(name);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java runtime has " + name, e);
      }
    }

    @Override
    public void update(ByteBuffer bytes) {
      digest.update(bytes);
    }

    byte[] soFar() {
      try {
        return ((MessageDigest) digest.clone()).digest();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("the digests of every Java runtime can be copied", e);
      }
    }

    @Override
    public byte[] finish() {
      return digest.digest();
    }
  }

  private static final class OfBouncyCastle implements Running {
    private final ExtendedDigest digest;

    OfBouncyCastle(ExtendedDigest digest) {
      this.digest = digest;
    }

    @Override
    public void update(ByteBuffer bytes) {
      if (bytes.hasArray()) {
        digest.update(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        return;
      }
      byte[] chunk = new byte[Math.min(bytes.remaining(), BUFFER)];
      while (bytes.hasRemaining()) {
        int n = Math.min(chunk.length, bytes.remaining());
        bytes.get(chunk, 0, n);
        digest.update(chunk, 0, n);
      }
    }

    @Override
    public byte[] finish() {
      byte[] value = new byte[digest.getDigestSize()];
      digest.doFinal(value, 0);
      return value;
    }
  }
}
