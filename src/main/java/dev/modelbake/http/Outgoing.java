package dev.modelbake.http;

import java.io.IOException;
import java.time.Duration;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** A body on its way to a server, under watch: its pace counts while it flows. */
final class Outgoing extends RequestBody {
  /** Beyond the usual time to answer: a server may copy what it got before it says so. */
  private static final long SLOWEST_COMMIT = 10L << 20;

  private final Send.Body body;
  private final Pace pace;
  private final Limits limits;
  private Watchdog.@Nullable Watch watch;

  Outgoing(Send.Body body, Pace pace, Limits limits) {
    this.body = body;
    this.pace = pace;
    this.limits = limits;
  }

  void watchedBy(Watchdog.Watch other) {
    watch = other;
  }

  @Override
  public @Nullable MediaType contentType() {
    return null;
  }

  @Override
  public long contentLength() {
    return body.length();
  }

  @Override
  public boolean isOneShot() {
    return body.length() > 0;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    Watchdog.Watch watching = watch;
    if (body.length() == 0 || watching == null) {
      return;
    }
    watching.flows();
    body.writeTo(
        bytes -> {
          int n = bytes.remaining();
          while (bytes.hasRemaining()) {
            sink.write(bytes);
          }
          pace.add(n);
        });
    sink.flush();
    watching.waits(limits.headers().plus(Duration.ofSeconds(body.length() / SLOWEST_COMMIT)));
  }
}
