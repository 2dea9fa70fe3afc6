package dev.modelbake.http;

import static okhttp3.Protocol.HTTP_1_1;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import okhttp3.Response;
import okio.BufferedSource;

/**
 * An answer with a body: status 200, 206, or 416 where a range was asked for. For one thread.
 *
 * <p>The end of the body proves nothing about its length: the client does not notice a short one in
 * HTTP/2, nor one without a length.
 */
public final class Answer implements Closeable {
  /** From this length on, in bytes, a body is read past OkHttp, which costs the connection. */
  private static final long WORTH_A_CONNECTION = 4L << 20;

  private final Exchange exchange;
  private final Response response;
  private final Pace pace;
  private final Secrecy secrecy;
  private final OptionalLong length;
  private final BufferedSource body;
  private final Optional<ChannelSocket> socket;
  private long count;
  private boolean ended;

  Answer(Exchange exchange, Response response, Pace pace, Secrecy secrecy) throws HttpFailure {
    this.exchange = exchange;
    this.response = response;
    this.pace = pace;
    this.secrecy = secrecy;
    length = length(response);
    body = response.body().source();
    boolean isLong = length.orElse(0) >= WORTH_A_CONNECTION;
    socket =
        exchange
            .socket()
            .filter(plain -> isLong && plain.isAtBody() && response.protocol() == HTTP_1_1);
  }

  /** Whether the answer may hold what only a credential opens. */
  public enum Secrecy {
    PUBLIC,
    /** A credential was sent, or a query, which may be one. */
    SECRET
  }

  /** The status. */
  public int status() {
    return response.code();
  }

  /** Whether it may hold a secret. */
  public Secrecy secrecy() {
    return secrecy;
  }

  /** Whether the connection was made for this answer or had a past. */
  public Get.Connection connection() {
    return exchange.connection();
  }

  /** A header's value as the server sent it; several are joined by commas (RFC 9110, 5.3). */
  public Optional<String> header(String name) {
    List<String> values = response.headers(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
  }

  /** The length of this body as the server tells it, in bytes. */
  public OptionalLong length() {
    return length;
  }

  /** The strong entity tag; a weak one is no validator for a range. */
  public Optional<String> strongTag() {
    return Optional.ofNullable(response.header("ETag"))
        .filter(tag -> tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\""));
  }

  /** Whether the server says that it knows ranges (RFC 9110, section 14.3). */
  public boolean offersRanges() {
    return "bytes".equalsIgnoreCase(response.header("Accept-Ranges"));
  }

  /** The part that a 206 holds. */
  public Optional<ContentRange> range() {
    List<String> values = response.headers("Content-Range");
    return values.size() == 1 ? ContentRange.parse(values.get(0)) : Optional.empty();
  }

  /**
   * Reads at least one byte into a buffer that has room; -1 at the end.
   *
   * @throws HttpFailure if the connection broke off, or was ended because it was too slow
   */
  public int read(ByteBuffer buffer) throws HttpFailure {
    int n = exchange.step(() -> socket.isPresent() ? direct(buffer) : body.read(buffer));
    if (n > 0) {
      pace.add(n);
      count += n;
    }
    ended = n < 0 || (length.isPresent() && count == length.getAsLong());
    return n;
  }

  /** Never reads beyond the body; an end before its end is a cut. */
  private int direct(ByteBuffer buffer) throws IOException {
    long rest = length.orElseThrow() - count;
    if (rest == 0) {
      return -1;
    }
    int limit = buffer.limit();
    buffer.limit((int) Math.min(limit, buffer.position() + rest));
    try {
      int n = socket.orElseThrow().read(buffer);
      if (n < 0) {
        throw new EOFException("the connection ended before the body did");
      }
      return n;
    } finally {
      buffer.limit(limit);
    }
  }

  /** Ends the exchange; the connection is kept only when the body was read to its end. */
  @Override
  public void close() {
    if (!ended || socket.isPresent()) {
      exchange.abort();
    }
    exchange.close();
    try {
      response.close();
    } catch (RuntimeException e) {
      exchange.abort();
    }
  }

  private static OptionalLong length(Response response) throws HttpFailure {
    List<String> values = response.headers("Content-Length").stream().distinct().toList();
    if (values.isEmpty()) {
      return OptionalLong.empty();
    }
    boolean chunked = response.header("Transfer-Encoding") != null;
    if (values.size() > 1 || chunked || !values.get(0).matches("\\d{1,18}")) {
      throw new HttpFailure(
          Trouble.BROKEN_PROTOCOL,
          "the answer is not valid HTTP (its length is told in a way that has no meaning)",
          Optional.empty());
    }
    return OptionalLong.of(Long.parseLong(values.get(0)));
  }
}
