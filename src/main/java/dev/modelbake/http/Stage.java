package dev.modelbake.http;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/** How far one call came, so that its failure can be told from its place and not from its text. */
final class Stage extends EventListener {
  private volatile boolean connected;
  private volatile boolean fresh;
  private volatile boolean http2;
  private volatile @Nullable ChannelSocket socket;

  /** Whether there was a connection to send the request on. */
  boolean connected() {
    return connected;
  }

  /** Whether the connection was made for this call, so that no earlier answer can spoil it. */
  boolean fresh() {
    return fresh;
  }

  /** Whether the connection serves several calls at once. */
  boolean isHttp2() {
    return http2;
  }

  /** The connection's socket; empty before there is one, and where TLS lies over it. */
  Optional<ChannelSocket> socket() {
    return Optional.ofNullable(socket);
  }

  @Override
  public void connectionAcquired(Call call, Connection connection) {
    connected = true;
    http2 = connection.protocol() == Protocol.HTTP_2;
    socket = connection.socket() instanceof ChannelSocket plain ? plain : null;
  }

  @Override
  public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
    fresh = true;
  }
}
