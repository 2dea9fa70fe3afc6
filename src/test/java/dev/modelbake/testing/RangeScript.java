package dev.modelbake.testing;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A script that serves some bytes and knows ranges; counts what it sends. */
public final class RangeScript implements RawServer.Script {
  private static final Pattern RANGE = Pattern.compile("(?m)^Range: bytes=(\\d+)-(\\d*)$");
  private static final int PIECE = 64 << 10;

  private final byte[] bytes;
  private final String tag;
  private final AtomicLong sent = new AtomicLong();

  public RangeScript(byte[] bytes, String tag) {
    this.bytes = bytes;
    this.tag = tag;
  }

  /**
   * What is asked for.
   *
   * @param to the byte behind the last
   * @param isRange whether it is asked for as a range
   */
  public record Asked(int from, int to, boolean isRange) {}

  /** What a request asks for of so many bytes. */
  public static Asked asked(String request, int size) {
    Matcher matcher = RANGE.matcher(request);
    if (!matcher.find()) {
      return new Asked(0, size, false);
    }
    String last = matcher.group(2);
    return new Asked(
        Integer.parseInt(matcher.group(1)),
        last.isEmpty() ? size : Integer.parseInt(last) + 1,
        true);
  }

  /** All bytes of bodies sent so far. */
  public long sent() {
    return sent.get();
  }

  @Override
  public void answer(RawServer.Connection connection) throws IOException {
    Asked asked = asked(connection.request(), bytes.length);
    head(connection, asked);
    send(connection, asked.from(), asked.to());
  }

  /** Sends the head of a right answer. */
  public void head(RawServer.Connection connection, Asked asked) throws IOException {
    connection.send(
        "HTTP/1.1 %s\r\nContent-Length: %d\r\nAccept-Ranges: bytes\r\nETag: %s\r\n%s\r\n"
            .formatted(
                asked.isRange() ? "206 x" : "200 x",
                asked.to() - asked.from(),
                tag,
                asked.isRange()
                    ? "Content-Range: bytes %d-%d/%d\r\n"
                        .formatted(asked.from(), asked.to() - 1, bytes.length)
                    : ""));
  }

  /** Sends some bytes. */
  public void send(RawServer.Connection connection, int from, int to) throws IOException {
    for (int at = from; at < to; at += PIECE) {
      int n = Math.min(PIECE, to - at);
      connection.socket().getOutputStream().write(bytes, at, n);
      sent.addAndGet(n);
    }
    connection.socket().getOutputStream().flush();
  }
}
