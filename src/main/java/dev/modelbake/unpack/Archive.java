package dev.modelbake.unpack;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The entries of one archive, in its own order. */
interface Archive extends Closeable {
  /** The next entry, or null after the last one, when the archive was found to be complete. */
  @Nullable Entry next() throws IOException;

  /** What an entry is. */
  enum Type {
    FILE,
    DIRECTORY,
    LINK
  }

  /**
   * One entry.
   *
   * @param name as the archive has it
   * @param linkTarget of a symbolic link, else empty
   * @param content of a file, valid until the next entry is asked for; the archive closes it
   */
  record Entry(String name, Type type, String linkTarget, InputStream content) {}
}
