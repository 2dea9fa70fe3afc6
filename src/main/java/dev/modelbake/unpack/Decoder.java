package dev.modelbake.unpack;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.modelbake.model.ArchiveRefusedException;
import dev.modelbake.model.Compression;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/** Opens compressed streams: all their members, within a bound of memory. */
final class Decoder {
  private static final int MEMORY_KIB = 256 << 10;

  /** Windows of up to 128 MiB, as {@code zstd --ultra -22 --long=27} makes them. */
  private static final int ZSTD_WINDOW_LOG = 27;

  /** {@code ZSTD_error_frameParameter_windowTooLarge} of zstd_errors.h. */
  private static final int ZSTD_WINDOW_TOO_LARGE = 16;

  private final Refusal refusal;

  Decoder(Refusal refusal) {
    this.refusal = refusal;
  }

  /** The plain bytes of a stream that must begin with the format's magic number. */
  InputStream open(BlobBytes in, Compression compression) throws IOException {
    if (compression == Compression.NONE) {
      return in;
    }
    @Nullable InputStream plain = null;
    try {
      requireMagic(in, compression);
      plain = new Guarded(refusingMemory(decoder(in, compression)), refusal);
      return plain;
    } catch (IOException e) {
      throw refusal.decoder(e);
    } finally {
      if (plain == null) {
        in.close();
      }
    }
  }

  private InputStream decoder(InputStream in, Compression compression) throws IOException {
    return switch (compression) {
      case NONE -> in;
      case BZ2 -> new BZip2CompressorInputStream(in, true);
      case GZ -> new GzipMembers(in);
      case XZ -> new XZInputStream(in, MEMORY_KIB);
      case ZST -> zstd(in);
    };
  }

  private void requireMagic(BlobBytes in, Compression compression) {
    String magic =
        switch (compression) {
          case NONE -> "";
          case BZ2 -> "425a68";
          case GZ -> "1f8b";
          case XZ -> "fd377a585a00";
          case ZST -> "28b52ffd";
        };
    byte[] wanted = HexFormat.of().parseHex(magic);
    if (!Arrays.equals(wanted, in.peek(wanted.length))) {
      throw refusal.damaged("it does not begin like a " + label(compression) + " stream");
    }
  }

  static String label(Compression compression) {
    return compression.name().toLowerCase(Locale.ROOT);
  }

  private static InputStream zstd(InputStream in) throws IOException {
    try {
      return new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_WINDOW_LOG);
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "the zstd decoder's native code does not load here; point java.io.tmpdir to a directory"
              + " that may hold executables",
          e);
    }
  }

  /** Turns a decoder's complaint about memory, which may come at any read, into a refusal. */
  private InputStream refusingMemory(InputStream plain) {
    return new FilterInputStream(plain) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
          return in.read(bytes, offset, length);
        } catch (MemoryLimitException e) {
          throw memory();
        } catch (ZstdIOException e) {
          if (e.getErrorCode() == ZSTD_WINDOW_TOO_LARGE) {
            throw memory();
          }
          throw e;
        }
      }
    };
  }

  private ArchiveRefusedException memory() {
    return refusal.whole("decoding it needs more than 256 MiB of memory");
  }
}
