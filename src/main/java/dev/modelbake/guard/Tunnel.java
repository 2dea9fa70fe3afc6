package dev.modelbake.guard;

import dev.modelbake.http.Proxies;
import dev.modelbake.http.Proxies.ProxyServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The way out for what is allowed: straight, or through the proxy that was set before. */
final class Tunnel {
  private static final int CONNECT_MILLIS = 30_000;
  private static final int BUFFER = 64 << 10;

  private final Proxies proxies;

  Tunnel(Proxies proxies) {
    this.proxies = proxies;
  }

  /** Carries bytes both ways until one side ends. */
  void carry(ProxyRequest request, Socket client) throws IOException {
    String scheme = request.isTunnel() ? "https" : "http";
    Optional<ProxyServer> next = proxies.proxyFor(scheme, request.host(), request.port());
    try (Socket out = connect(request, next)) {
      if (!request.isTunnel()) {
        boolean proxied = next.isPresent() && next.get().kind() == Proxies.Kind.HTTP;
        out.getOutputStream().write(proxied ? request.forProxy() : request.forOrigin());
      } else if (next.isPresent() && next.get().kind() == Proxies.Kind.HTTP) {
        out.getOutputStream().write(ask(request, next.get()));
      } else {
        client
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      Thread up = new Thread(() -> pump(client, out), "modelbake-guard-tunnel");
      up.setDaemon(true);
      up.start();
      pump(out, client);
    } catch (IOException e) {
      DenyProxy.answer(client, 502, "modelbake guard could not reach " + request.host());
    }
  }

  private static Socket connect(ProxyRequest request, Optional<ProxyServer> next)
      throws IOException {
    InetSocketAddress origin = new InetSocketAddress(request.host(), request.port());
    Socket socket = new Socket(Proxy.NO_PROXY);
    InetSocketAddress first = origin;
    if (next.isPresent()) {
      first = new InetSocketAddress(next.get().host(), next.get().port());
      if (next.get().kind() == Proxies.Kind.SOCKS) {
        socket.close();
        socket = new Socket(new Proxy(Proxy.Type.SOCKS, first));
        first = InetSocketAddress.createUnresolved(request.host(), request.port());
      }
    }
    try {
      socket.connect(first, CONNECT_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static byte[] ask(ProxyRequest request, ProxyServer proxy) {
    String name = request.host().contains(":") ? "[" + request.host() + "]" : request.host();
    String target = name + ":" + request.port();
    String authorization =
        proxy.authorization().map(value -> "Proxy-Authorization: " + value + "\r\n").orElse("");
    return "CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
        .formatted(target, target, authorization)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void pump(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // One side went away: the other is told when the sockets close.
    }
  }
}
