package dev.modelbake.http;

import dev.modelbake.model.SourceUrl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request other than for the bytes of a file.
 *
 * @param headers beside those of the client itself
 * @param most bytes of the answer's body
 */
public record Send(
    Method method, SourceUrl url, Map<String, String> headers, Body body, Login login, int most) {
  /** Of an answer that only tells how it went, in bytes. */
  private static final int SHORT_ANSWER = 64 << 10;

  public Send {
    headers = Map.copyOf(headers);
  }

  /** What is to be done. */
  public enum Method {
    GET,
    HEAD,
    POST,
    PUT
  }

  /** A request without a body. */
  public static Send of(Method method, SourceUrl url, Login login) {
    return new Send(method, url, Map.of(), Body.NONE, login, SHORT_ANSWER);
  }

  /** The same with another header. */
  public Send with(String name, String value) {
    Map<String, String> grown = new LinkedHashMap<>(headers);
    grown.put(name, value);
    return new Send(method, url, grown, body, login, most);
  }

  /** The same with a body. */
  public Send with(Body other) {
    return new Send(method, url, headers, other, login, most);
  }

  /** The same, whose answer may be longer. */
  public Send withMost(int bytes) {
    return new Send(method, url, headers, body, login, bytes);
  }

  /** What is sent, once and from its beginning. */
  public interface Body {
    /** Nothing. */
    Body NONE =
        new Body() {
          @Override
          public long length() {
            return 0;
          }

          @Override
          public void writeTo(Sink sink) {
            // There is nothing to write.
          }
        };

    /** These bytes. */
    static Body of(byte[] bytes) {
      return new Body() {
        @Override
        public long length() {
          return bytes.length;
        }

        @Override
        public void writeTo(Sink sink) throws IOException {
          sink.write(ByteBuffer.wrap(bytes));
        }
      };
    }

    /** The number of bytes. */
    long length();

    /**
     * Writes exactly that many bytes.
     *
     * @throws IOException if they cannot be had; the request is broken off then
     */
    void writeTo(Sink sink) throws IOException;
  }

  /** Takes the bytes of a body. */
  @FunctionalInterface
  public interface Sink {
    /** Takes the remaining bytes of a buffer. */
    void write(ByteBuffer bytes) throws IOException;
  }
}
