package dev.modelbake.fetch;

import dev.modelbake.http.Answer;
import dev.modelbake.http.Answer.Secrecy;
import dev.modelbake.http.Content;
import dev.modelbake.http.Get.Connection;
import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Trouble;
import dev.modelbake.model.FailureKind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whether a body has the length that it must have.
 *
 * @param maxDownload the bound for a file without a pinned size, in bytes
 */
record Lengths(Part part, long maxDownload) {
  /** The most bytes that are kept; one more is too much. */
  long limit() {
    return part.size().orElse(maxDownload);
  }

  /**
   * Refuses a body of another length than the pinned one before any of it is kept.
   *
   * @throws HttpFailure if a connection with a past may be the reason
   */
  void checkTold(Answer answer, Progress progress) throws HttpFailure, SourceException {
    OptionalLong told = answer.length();
    if (told.isEmpty()) {
      return;
    }
    if (part.size().isEmpty()) {
      if (told.getAsLong() > maxDownload) {
        throw tooLarge();
      }
      return;
    }
    long size = part.size().getAsLong();
    if (told.getAsLong() != size) {
      if (answer.connection() == Connection.POOLED) {
        throw new HttpFailure(
            Trouble.BROKEN_PROTOCOL, "an answer of another length on a used connection", null);
      }
      String what =
          "wrong size: %d bytes are pinned, the server has %d".formatted(size, told.getAsLong());
      throw wrong(what, recognised(peek(answer, progress), answer.secrecy()), told);
    }
  }

  /**
   * Looks at what a body left that is everything, or the rest.
   *
   * @param told where the server said that it would end
   */
  void checkEnd(OptionalLong told, Secrecy secrecy) throws HttpFailure, SourceException {
    OptionalLong size = part.size();
    long length = part.length();
    if (length > limit()) {
      if (size.isEmpty()) {
        throw tooLarge();
      }
      throw wrong(
          "wrong size: more than the pinned %d bytes".formatted(size.getAsLong()),
          recognised(part.head(Content.HEAD), secrecy),
          OptionalLong.empty());
    }
    OptionalLong expected = size.isPresent() ? size : told;
    if (expected.isEmpty() || length == expected.getAsLong()) {
      return;
    }
    String what = "truncated: %d of %d bytes".formatted(length, expected.getAsLong());
    if (told.isPresent()) {
      throw new HttpFailure(Trouble.CUT, what, null);
    }
    Optional<String> other = recognised(part.head(Content.HEAD), secrecy);
    if (other.isPresent()) {
      throw wrong(what, other, OptionalLong.of(length));
    }
    throw new HttpFailure(Trouble.SHORT, what, null);
  }

  private static Optional<String> recognised(byte[] head, Secrecy secrecy) {
    return Content.recognise(head, secrecy);
  }

  private static SourceException wrong(String what, Optional<String> other, OptionalLong size) {
    String came = other.map(is -> "; what came is " + is).orElse("");
    return new SourceException(what + came, Optional.empty(), size);
  }

  private SourceException tooLarge() {
    return new SourceException(
        FailureKind.REFUSED,
        "more than %d bytes (--max-download), and no size is pinned".formatted(maxDownload),
        null);
  }

  /** The first bytes of a body that is not kept. */
  private static byte[] peek(Answer answer, Progress progress) {
    ByteBuffer head = ByteBuffer.allocate(Content.HEAD);
    try {
      int n = 0;
      while (head.hasRemaining() && n >= 0) {
        n = answer.read(head);
        progress.arrived(Math.max(0, n));
      }
    } catch (HttpFailure e) {
      // It was only for a better message.
      return Arrays.copyOf(head.array(), head.position());
    }
    return Arrays.copyOf(head.array(), head.position());
  }
}
