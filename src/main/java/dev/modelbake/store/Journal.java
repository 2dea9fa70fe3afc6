package dev.modelbake.store;

import dev.modelbake.model.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * What is known of a partial, in a file beside it, so that another run can go on with it. Only a
 * hint: a wrong or missing journal costs a transfer, never correctness.
 *
 * <p>Lines of text, each after the CRC-32C of the rest in eight hexadecimal digits: {@code
 * modelbake-journal 1 <sha256> <size>} is the first; {@code source <key> <validator>} says where
 * bytes came from, {@code extent <from> <to>} which are written, {@code prefix <length> <sha256>}
 * what the first of them are and that they are on the medium. Reading ends at the first line that
 * is not whole. A lock on the file says that the run which writes it is alive.
 */
final class Journal implements Closeable {
  private static final String FORMAT = "modelbake-journal 1";
  private static final long MOST = 16L << 20;
  private static final Set<OpenOption> FRESH =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  private static final Set<OpenOption> LEFT =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private final FileChannel channel;
  private final Digest expected;
  private final long size;

  private Journal(FileChannel channel, Digest expected, long size) {
    this.channel = channel;
    this.expected = expected;
    this.size = size;
  }

  /** A prefix of the file and its digest. */
  record Milestone(long length, Digest digest) {}

  /**
   * What a journal says.
   *
   * @param source of the last bytes
   * @param milestones in order of their length
   */
  record Account(Optional<Validator> source, Extents extents, List<Milestone> milestones) {}

  /** A journal that a dead run left, open and locked, and what it says. */
  record Found(Journal journal, Account account) {}

  /** A new journal, with mode 0600 whatever the umask; fails if the path exists. */
  static Journal begin(Path path, Digest expected, long size) throws IOException {
    FileChannel channel = FileChannel.open(path, FRESH, Privacy.at(path));
    Journal journal = new Journal(channel, expected, size);
    journal.hold();
    journal.restart();
    return journal;
  }

  /** Takes over a journal; empty if its run is alive or it is about something else. */
  static Optional<Found> take(Path path, Digest expected, long size) throws IOException {
    FileChannel channel = FileChannel.open(path, LEFT);
    Journal journal = new Journal(channel, expected, size);
    Optional<Account> account = Optional.empty();
    try {
      account = journal.hold() ? journal.read() : Optional.empty();
    } finally {
      if (account.isEmpty()) {
        channel.close();
      }
    }
    return account.map(told -> new Found(journal, told));
  }

  /** What it says; empty when it is about something else. Writing goes on behind it. */
  private Optional<Account> read() throws IOException {
    List<String> lines = lines();
    if (lines.isEmpty() || !lines.get(0).equals(heading())) {
      return Optional.empty();
    }
    Account account = account(lines.subList(1, lines.size()));
    channel.position(channel.size());
    return Optional.of(account);
  }

  /** Notes where the next bytes come from. */
  void source(Validator source) throws IOException {
    append("source " + source.key() + source.tag().map(tag -> " " + tag).orElse(""));
  }

  /** Notes bytes that were written. */
  synchronized void extent(Extent extent) throws IOException {
    append("extent " + extent.from() + " " + extent.to());
  }

  /** Notes what the first bytes are, which are on the medium. */
  void prefix(long length, Digest digest) throws IOException {
    append("prefix " + length + " " + digest.hex());
  }

  /** Forgets everything: the file begins anew. */
  synchronized void restart() throws IOException {
    channel.truncate(0);
    channel.position(0);
    append(heading());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private String heading() {
    return FORMAT + " " + expected.hex() + " " + size;
  }

  private synchronized void append(String text) throws IOException {
    byte[] line = (sum(text) + " " + text + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.wrap(line);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private List<String> lines() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MOST, channel.size()));
    int n = 0;
    while (bytes.hasRemaining() && n >= 0) {
      n = channel.read(bytes);
    }
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    int at = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      String line = text.substring(at, end);
      if (line.length() < 10 || !line.startsWith(sum(line.substring(9)) + " ")) {
        break;
      }
      lines.add(line.substring(9));
      at = end + 1;
    }
    return lines;
  }

  private static Account account(List<String> lines) throws IOException {
    Optional<Validator> source = Optional.empty();
    Extents extents = new Extents();
    List<Milestone> milestones = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.split(" ", 3);
      try {
        switch (words[0]) {
          case "source" ->
              source =
                  Optional.of(
                      new Validator(
                          words[1], words.length > 2 ? Optional.of(words[2]) : Optional.empty()));
          case "extent" ->
              extents.add(new Extent(Long.parseLong(words[1]), Long.parseLong(words[2])));
          case "prefix" ->
              milestones.add(new Milestone(Long.parseLong(words[1]), Digest.sha256(words[2])));
          default -> throw new IOException("a journal of a later version");
        }
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new IOException("a damaged journal", e);
      }
    }
    return new Account(source, extents, milestones);
  }

  private boolean hold() throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      // No locks on this file system: unique names keep runs apart, and nobody takes over.
      return false;
    }
  }

  private static String sum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
