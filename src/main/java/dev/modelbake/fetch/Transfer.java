package dev.modelbake.fetch;

import dev.modelbake.http.Answer;
import dev.modelbake.http.Answer.Secrecy;
import dev.modelbake.http.ContentRange;
import dev.modelbake.http.Get;
import dev.modelbake.http.Get.Connection;
import dev.modelbake.http.HttpClient;
import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Login;
import dev.modelbake.http.Pace;
import dev.modelbake.http.Trouble;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.registry.Registries.Address;
import dev.modelbake.store.Validator;
import java.time.Duration;
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
  private final HttpClient client;
  private final SourceUrl url;
  private final Login login;
  private final Line line;
  private Connection connection;
  private Ranges ranges = Ranges.UNKNOWN;
  private volatile Optional<String> tag = Optional.empty();
  private volatile Secrecy secrecy = Secrecy.PUBLIC;
  private volatile boolean doubtful;

  Transfer(HttpClient client, Address address, Line line, Connection connection) {
    this.client = client;
    url = address.url();
    login = address.login();
    this.line = line;
    this.connection = connection;
  }

  /**
   * What a transfer is measured by, and how wide it may become.
   *
   * @param maxDownload the bound for a file without a pinned size, in bytes
   */
  record Line(Pace pace, Progress progress, long maxDownload, Lanes lanes, Buffers buffers) {}

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

  /** The version as a journal may keep it: a server can say in it what it was told in secret. */
  private Optional<String> kept() {
    return secrecy == Secrecy.PUBLIC ? tag : Optional.empty();
  }

  /**
   * Completes a part, or throws and leaves in it what came.
   *
   * @throws HttpFailure if another attempt may go on from there
   * @throws SourceException if the source gives other bytes
   */
  void run(Part part) throws HttpFailure, SourceException {
    if (part.isComplete()) {
      return;
    }
    if (tag.isEmpty() && part.origin().isPresent()) {
      Validator self = Validator.of(url, Optional.empty());
      tag = part.origin().filter(self::isSameSource).flatMap(Validator::tag);
    }
    try {
      if (!new Attempt(part).run()) {
        ranges = Ranges.BROKEN;
        new Attempt(part).run();
      }
    } catch (HttpFailure e) {
      connection = Connection.FRESH;
      throw e;
    } finally {
      line.progress().endsAt(part.total());
    }
  }

  /** All requests of one attempt; the calling thread leads, others may help. */
  private final class Attempt {
    private final Part part;
    private final Crew crew = new Crew(line.lanes());
    private final Body body;
    private final Claims claims;
    private final Lengths lengths;
    private final boolean divided;
    private final long share;
    private boolean mayDivide;
    private boolean scouted;
    private Duration begin = Duration.ZERO;

    Attempt(Part part) {
      if (ranges == Ranges.BROKEN && part.total() > 0) {
        part.restart();
      }
      this.part = part;
      body = new Body(part, line, crew::isBroken);
      lengths = new Lengths(part, line.maxDownload());
      claims = new Claims(part.size().orElse(0) > 0 ? part.gaps() : part.rest());
      long rest = part.size().orElse(0) - part.total();
      share = line.lanes().share(rest);
      divided =
          ranges != Ranges.BROKEN
              && connection != Connection.FRESH
              && line.lanes().beginDivided(rest);
    }

    /** False if an answer is not what a range was asked for. */
    boolean run() throws HttpFailure, SourceException {
      try {
        return lead();
      } catch (HttpFailure e) {
        crew.await();
        if (!part.isComplete()) {
          throw e;
        }
        return true;
      } finally {
        body.close();
        crew.dismiss();
      }
    }

    private boolean lead() throws HttpFailure, SourceException {
      Optional<Claim> claim = claims.next(divided ? share : Long.MAX_VALUE);
      while (claim.isPresent()) {
        if (!bring(claim.get())) {
          return false;
        }
        claim = claims.next(share);
        if (claim.isEmpty()) {
          crew.await();
          claim = claims.next(share);
        }
      }
      return true;
    }

    /** One request; false if its answer is not what was asked for. */
    private boolean bring(Claim claim) throws HttpFailure, SourceException {
      Connection how = connection == Connection.POOLED && divided ? Connection.OWN : connection;
      Get get = new Get(url, wanted(claim), tag, how, login);
      try (Answer answer = ask(get)) {
        if (answer.status() == 200) {
          all(answer);
          return true;
        }
        if (!isExactly(answer, get.part())) {
          claims.giveBack(claim);
          return false;
        }
        accept(answer);
        mayDivide = part.size().isPresent();
        if (divided) {
          crew.hire(this::help);
        }
        if (part.size().isEmpty()) {
          claim.endAt(lengths.limit() + 1);
        }
        read(answer, claim);
        checkReached(claim, end(answer, claim));
      }
      return true;
    }

    /** A body that is everything, from the first byte on. */
    private void all(Answer answer) throws HttpFailure, SourceException {
      crew.dismiss();
      claims.clear();
      if (part.total() > 0) {
        part.restart();
      }
      tag = answer.strongTag();
      lengths.checkTold(answer, line.progress());
      part.comesFrom(url, kept());
      OptionalLong told = answer.length();
      long end = Math.min(told.orElse(Long.MAX_VALUE), lengths.limit() + 1);
      Claim claim = new Claim(0, end);
      mayDivide = part.size().isPresent() && told.isPresent() && answer.offersRanges();
      try {
        read(answer, claim);
      } catch (HttpFailure e) {
        if (!part.isComplete()) {
          throw e;
        }
        // All bytes are there; only the look for one more of them failed.
      }
      if (claim.to() < end) {
        checkReached(claim, OptionalLong.empty());
      } else {
        lengths.checkEnd(told, secrecy);
      }
    }

    private void read(Answer answer, Claim claim) throws HttpFailure {
      begin = line.lanes().time().elapsed();
      try {
        body.read(answer, claim, position -> look(claim, position));
      } finally {
        // One that reaches beyond the end, to notice a byte too many, is nobody else's.
        if (claim.to() <= part.size().orElse(0)) {
          claims.giveBack(claim);
        }
      }
    }

    /** Calls for help when this connection alone will not be done soon. */
    private void look(Claim claim, long position) {
      if (!mayDivide || scouted || connection == Connection.FRESH) {
        return;
      }
      Duration in = line.lanes().time().elapsed().minus(begin);
      long brought = position - claim.from();
      if (line.lanes().needsHelp(brought, in, claim.to() - position)) {
        scouted = true;
        long ahead = Math.max(share, 2 * brought / Math.max(1, in.toSeconds()));
        crew.hireOne(() -> scout(claim, position + ahead));
      }
    }

    /** Proves that the server knows ranges before the leading connection leaves it any. */
    private void scout(Claim led, long at) throws HttpFailure {
      Claim claim = new Claim(at, Math.min(at + share, led.to()));
      if (claim.from() >= claim.to()) {
        return;
      }
      Get get = new Get(url, wanted(claim), tag, Connection.OWN, login);
      try (Answer answer = ask(get)) {
        if (!isExactly(answer, get.part()) || !claims.take(led, claim)) {
          return;
        }
        accept(answer);
        crew.hire(this::help);
        try {
          assist(answer, claim);
        } finally {
          claims.giveBack(claim);
        }
      }
      if (claim.isReached()) {
        help();
      }
    }

    /** Brings what nobody else does, until there is no more. */
    private void help() throws HttpFailure {
      boolean useful = true;
      while (useful && !crew.isStopped()) {
        Optional<Claim> claim = claims.next(share);
        useful = claim.isPresent() && bringShare(claim.get());
      }
    }

    /** One request of a helper; false if its answer is not what was asked for, or not all of it. */
    private boolean bringShare(Claim claim) throws HttpFailure {
      Get get = new Get(url, wanted(claim), tag, Connection.OWN, login);
      try (Answer answer = ask(get)) {
        if (!isExactly(answer, get.part())) {
          return false;
        }
        accept(answer);
        assist(answer, claim);
        return claim.isReached();
      } finally {
        claims.giveBack(claim);
      }
    }

    private void assist(Answer answer, Claim claim) throws HttpFailure {
      try (Body own = new Body(part, line, crew::isStopped)) {
        own.read(answer, claim, position -> {});
      }
    }

    private Get.Part wanted(Claim claim) {
      boolean open = part.size().isEmpty() || claim.to() >= part.size().getAsLong();
      return new Get.Part(claim.from(), open ? OptionalLong.empty() : OptionalLong.of(claim.to()));
    }

    private Answer ask(Get get) throws HttpFailure {
      Answer answer = client.get(get, line.pace());
      secrecy = answer.secrecy();
      doubtful = doubtful || answer.connection() == Connection.POOLED;
      return answer;
    }

    /** Anything but exactly the bytes asked for is no continuation, and neither is 416. */
    private boolean isExactly(Answer answer, Get.Part asked) {
      Optional<ContentRange> range = answer.range();
      if (answer.status() != 206 || range.isEmpty() || !range.get().isExactly(asked)) {
        return false;
      }
      long total = range.get().total().orElseThrow();
      boolean sameSize = part.size().isEmpty() || part.size().getAsLong() == total;
      boolean sameLength = answer.length().orElse(range.get().length()) == range.get().length();
      Optional<String> known = tag;
      boolean sameVersion =
          known.isEmpty() || answer.strongTag().isEmpty() || known.equals(answer.strongTag());
      return sameSize && sameLength && sameVersion;
    }

    private void accept(Answer answer) {
      if (tag.isEmpty()) {
        tag = answer.strongTag();
      }
      if (part.total() > 0 || divided) {
        part.join();
      }
      part.comesFrom(url, kept());
    }

    private OptionalLong end(Answer answer, Claim claim) {
      return answer.length().isPresent()
          ? OptionalLong.of(claim.from() + answer.length().getAsLong())
          : OptionalLong.empty();
    }

    private void checkReached(Claim claim, OptionalLong told) throws HttpFailure, SourceException {
      if (part.size().isEmpty()) {
        lengths.checkEnd(told, secrecy);
      } else if (!claim.isReached()) {
        throw new HttpFailure(
            Trouble.CUT,
            "truncated: %d of %d bytes".formatted(part.total(), part.size().getAsLong()),
            null);
      }
    }
  }
}
