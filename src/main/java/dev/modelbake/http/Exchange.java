package dev.modelbake.http;

import dev.modelbake.http.Watchdog.Verdict;
import dev.modelbake.model.InterruptedBakeException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, under watch; turns whatever goes wrong into a {@link HttpFailure}.
 */
final class Exchange {
  private static final Optional<Verdict> INTERRUPTED = Optional.of(Verdict.INTERRUPTED);

  private final Call call;
  private final HttpUrl url;
  private final Way way;
  private final Stage stage = new Stage();
  private final Watchdog.Watch watch;

  Exchange(Call call, Way way, WatchStart start) {
    this.call = call;
    this.url = call.request().url();
    this.way = way;
    call.addEventListener(stage);
    watch = start.watch(call::cancel);
    if (call.request().body() instanceof Outgoing outgoing) {
      outgoing.watchedBy(watch);
    }
  }

  /**
   * How a server is reached.
   *
   * @param http2Broke hears of a failure of a connection that speaks HTTP/2
   */
  record Way(Optional<Proxies.ProxyServer> proxy, Limits limits, Runnable http2Broke) {}

  /** Puts a call under watch. */
  @FunctionalInterface
  interface WatchStart {
    Watchdog.Watch watch(Runnable cancel);
  }

  /** Something that reads from the network. */
  @FunctionalInterface
  interface Step<T> {
    T take() throws IOException;
  }

  /** The answer's head. */
  Response head() throws HttpFailure {
    Response response = step(call::execute);
    watch.flows();
    return response;
  }

  /** Takes a step, and explains its failure. */
  <T> T step(Step<T> step) throws HttpFailure {
    try {
      T result = step.take();
      stopIfTold(null);
      return result;
    } catch (IOException | RuntimeException e) {
      close();
      stopIfTold(e);
      if (stage.isHttp2()) {
        way.http2Broke().run();
      }
      throw new Diagnosis(url, way.proxy(), stage).of(e);
    }
  }

  /** What sort of connection it had. */
  Get.Connection connection() {
    return stage.fresh() ? Get.Connection.FRESH : Get.Connection.POOLED;
  }

  /** The socket of a connection without TLS. */
  Optional<ChannelSocket> socket() {
    return stage.socket();
  }

  /** Ends the exchange; the connection is not used again unless the body was read to its end. */
  void close() {
    watch.close();
  }

  /** Ends the exchange and its connection at once. */
  void abort() {
    watch.close();
    call.cancel();
  }

  private void stopIfTold(@Nullable Exception cause) throws HttpFailure {
    Optional<Verdict> verdict = watch.verdict();
    if (Thread.currentThread().isInterrupted() || verdict.equals(INTERRUPTED)) {
      abort();
      throw new InterruptedBakeException("fetching from " + url.host());
    }
    if (verdict.isPresent()) {
      abort();
      throw tooLate(verdict.get(), cause);
    }
  }

  private HttpFailure tooLate(Verdict verdict, @Nullable Exception cause) {
    if (verdict == Verdict.DEADLINE) {
      return deadline(way.limits(), cause);
    }
    String what =
        verdict == Verdict.SLOW_HEADERS
            ? "no answer within %d s".formatted(way.limits().headers().toSeconds())
            : "stalled: " + watch.shortfall();
    return new HttpFailure(Trouble.TOO_SLOW, what, cause);
  }

  /** The failure of whatever is asked for when the time for everything is over. */
  static HttpFailure deadline(Limits limits, @Nullable Exception cause) {
    long seconds = limits.deadline().map(Duration::toSeconds).orElse(0L);
    return new HttpFailure(
        Trouble.DEADLINE, "the deadline of %d s has passed".formatted(seconds), cause);
  }
}
