package dev.modelbake.http;

import java.net.InetSocketAddress;
import java.net.Proxy;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;

/** How far one call came, so that its failure can be told from its place and not from its text. */
final class Stage extends EventListener {
  private volatile boolean connected;
  private volatile boolean fresh;

  /** Whether there was a connection to send the request on. */
  boolean connected() {
    return connected;
  }

  /** Whether the connection was made for this call, so that no earlier answer can spoil it. */
  boolean fresh() {
    return fresh;
  }

  @Override
  public void connectionAcquired(Call call, Connection connection) {
    connected = true;
  }

  @Override
  public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
    fresh = true;
  }
}
