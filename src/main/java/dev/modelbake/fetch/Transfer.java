package dev.modelbake.fetch;

import dev.modelbake.http.Answer;
import dev.modelbake.http.Answer.Secrecy;
import dev.modelbake.http.Content;
import dev.modelbake.http.ContentRange;
import dev.modelbake.http.Get;
import dev.modelbake.http.Get.Connection;
import dev.modelbake.http.HttpClient;
import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Pace;
import dev.modelbake.http.Trouble;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.SourceUrl;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Brings one source's bytes into a part, one attempt at a time; remembers between attempts what the
 * source told, so that each goes on where the last one ended. An attempt always begins at the
 * source's own URL: what it was redirected to may have expired.
 *
 * <p>Counts bytes itself. Nothing the server says of the length is proof of anything.
 */
final class Transfer {
  /** Kept free on the disk by a download without a pinned size. */
  static final long FREE_FLOOR = 256L << 20;

  private static final int BUFFER = 256 << 10;
  private static final long BETWEEN_LOOKS = 16L << 20;

  private final HttpClient client;
  private final SourceUrl url;
  private final Line line;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private Connection connection;
  private Ranges ranges = Ranges.UNKNOWN;
  private Optional<String> tag = Optional.empty();
  private Secrecy secrecy = Secrecy.PUBLIC;
  private boolean doubtful;
  private long lookAt;

  Transfer(HttpClient client, SourceUrl url, Line line, Connection connection) {
    this.client = client;
    this.url = url;
    this.line = line;
    this.connection = connection;
  }

  /**
   * What a transfer is measured by.
   *
   * @param maxDownload the bound for a file without a pinned size, in bytes
   */
  record Line(Pace pace, Progress progress, long maxDownload) {}

  private enum Ranges {
    UNKNOWN,
    /** A range was answered with something else: never ask for one again. */
    BROKEN
  }

  /** Whether a body came over a connection whose past may have spoilt it. */
  boolean isDoubtful() {
    return doubtful;
  }

  /** Whether the source was asked with a credential. */
  Secrecy secrecy() {
    return secrecy;
  }

  /**
   * Completes a part, or throws and leaves in it what came.
   *
   * @throws HttpFailure if another attempt may go on from there
   * @throws SourceException if the source gives other bytes
   */
  void run(Part part) throws HttpFailure, SourceException {
    OptionalLong size = part.size();
    if (size.isPresent() && part.length() == size.getAsLong() && part.length() > 0) {
      return;
    }
    try {
      if (!attempt(part)) {
        ranges = Ranges.BROKEN;
        attempt(part);
      }
    } catch (HttpFailure e) {
      connection = Connection.FRESH;
      throw e;
    } finally {
      line.progress().endsAt(part.length());
    }
  }

  /** One request; false if its answer does not go on where the part ends. */
  private boolean attempt(Part part) throws HttpFailure, SourceException {
    if (ranges == Ranges.BROKEN && part.length() > 0) {
      part.restart();
    }
    Get get = new Get(url, part.length(), tag, connection);
    try (Answer answer = client.get(get, line.pace())) {
      secrecy = answer.secrecy();
      if (answer.status() == 200) {
        begin(answer, part);
      } else if (!goesOn(answer, part)) {
        return false;
      } else {
        part.join();
      }
      doubtful = doubtful || answer.connection() == Connection.POOLED;
      receive(answer, part);
      return true;
    }
  }

  private void begin(Answer answer, Part part) throws HttpFailure, SourceException {
    if (part.length() > 0) {
      part.restart();
    }
    tag = answer.strongTag();
    checkLength(answer, part.size());
  }

  /** Anything but exactly the rest is no continuation, and neither is 416. */
  private static boolean goesOn(Answer answer, Part part) {
    Optional<ContentRange> range = answer.range();
    if (answer.status() != 206 || range.isEmpty() || !range.get().isRestFrom(part.length())) {
      return false;
    }
    long total = range.get().total().orElseThrow();
    OptionalLong size = part.size();
    boolean wholeAgrees = size.isEmpty() || size.getAsLong() == total;
    OptionalLong told = answer.length();
    return wholeAgrees && (told.isEmpty() || told.getAsLong() == total - part.length());
  }

  /** Refuses a body of another length than the pinned one before any of it is kept. */
  private void checkLength(Answer answer, OptionalLong size) throws HttpFailure, SourceException {
    OptionalLong told = answer.length();
    if (told.isEmpty()) {
      return;
    }
    if (size.isEmpty()) {
      if (told.getAsLong() > line.maxDownload()) {
        throw tooLarge();
      }
      return;
    }
    if (told.getAsLong() != size.getAsLong()) {
      if (answer.connection() == Connection.POOLED) {
        throw new HttpFailure(
            Trouble.BROKEN_PROTOCOL, "an answer of another length on a used connection", null);
      }
      byte[] head = peek(answer);
      String what =
          "wrong size: %d bytes are pinned, the server has %d"
              .formatted(size.getAsLong(), told.getAsLong());
      throw wrong(what, head, told);
    }
  }

  private void receive(Answer answer, Part part) throws HttpFailure, SourceException {
    OptionalLong size = part.size();
    long offset = part.length();
    OptionalLong told =
        answer.length().isPresent()
            ? OptionalLong.of(offset + answer.length().getAsLong())
            : OptionalLong.empty();
    long limit = size.orElse(line.maxDownload());
    try {
      pump(answer, part, new Bounds(limit, told));
    } catch (HttpFailure e) {
      if (size.isEmpty() || part.length() != size.getAsLong()) {
        throw e;
      }
      // All bytes are there; only the look for one more of them failed.
    }
    checkEnd(part, new Bounds(limit, told));
  }

  /**
   * Where a body ends.
   *
   * @param limit one byte more is too much
   * @param told by the server
   */
  private record Bounds(long limit, OptionalLong told) {}

  /** Reads until the body ends, or has ended by its own account, or is one byte too long. */
  private void pump(Answer answer, Part part, Bounds bounds) throws HttpFailure {
    buffer.clear();
    try {
      while (true) {
        long at = part.length() + buffer.position();
        boolean ended = bounds.told().isPresent() && at >= bounds.told().getAsLong();
        if (ended || at > bounds.limit()) {
          return;
        }
        long room = Math.min(bounds.limit() + 1 - at, BUFFER - buffer.position());
        int n = answer.read(buffer.limit(buffer.position() + (int) room));
        if (n < 0) {
          return;
        }
        line.progress().arrived(n);
        line.progress().at(at + n);
        if (buffer.position() == BUFFER) {
          flush(part);
        }
      }
    } finally {
      flush(part);
    }
  }

  private void flush(Part part) {
    part.write(buffer.flip());
    buffer.clear();
    if (part.size().isEmpty() && part.length() >= lookAt) {
      lookAt = part.length() + BETWEEN_LOOKS;
      long free = part.free();
      if (free < FREE_FLOOR) {
        throw Disks.full(part.store().root(), free, FREE_FLOOR);
      }
    }
  }

  private void checkEnd(Part part, Bounds bounds) throws HttpFailure, SourceException {
    OptionalLong size = part.size();
    long length = part.length();
    if (length > bounds.limit()) {
      if (size.isEmpty()) {
        throw tooLarge();
      }
      throw wrong(
          "wrong size: more than the pinned %d bytes".formatted(size.getAsLong()),
          part.head(Content.HEAD),
          OptionalLong.empty());
    }
    OptionalLong expected = size.isPresent() ? size : bounds.told();
    if (expected.isEmpty() || length == expected.getAsLong()) {
      return;
    }
    String what = "truncated: %d of %d bytes".formatted(length, expected.getAsLong());
    if (bounds.told().isPresent()) {
      throw new HttpFailure(Trouble.CUT, what, null);
    }
    byte[] head = part.head(Content.HEAD);
    if (Content.recognise(head, secrecy).isPresent()) {
      throw wrong(what, head, OptionalLong.of(length));
    }
    throw new HttpFailure(Trouble.SHORT, what, null);
  }

  private SourceException wrong(String what, byte[] head, OptionalLong size) {
    String came = Content.recognise(head, secrecy).map(is -> "; what came is " + is).orElse("");
    return new SourceException(what + came, Optional.empty(), size);
  }

  private SourceException tooLarge() {
    return new SourceException(
        FailureKind.REFUSED,
        "more than %d bytes (--max-download), and no size is pinned".formatted(line.maxDownload()),
        null);
  }

  /** The first bytes of a body that is not kept. */
  private byte[] peek(Answer answer) {
    ByteBuffer head = ByteBuffer.allocate(Content.HEAD);
    try {
      while (head.hasRemaining()) {
        int n = answer.read(head);
        if (n < 0) {
          break;
        }
        line.progress().arrived(n);
      }
    } catch (HttpFailure e) {
      // It was only for a better message.
      return Arrays.copyOf(head.array(), head.position());
    }
    return Arrays.copyOf(head.array(), head.position());
  }
}
