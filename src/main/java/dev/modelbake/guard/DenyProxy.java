package dev.modelbake.guard;

import dev.modelbake.guard.Attempt.Sight;
import dev.modelbake.guard.Attempt.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/**
 * A proxy on loopback that programs are told to use. It names what each asks for, refuses it, and
 * lets through what is allowed.
 */
final class DenyProxy implements AutoCloseable {
  private static final int BACKLOG = 512;
  private static final int MOST_AT_ONCE = 128;
  private static final int MOST_KEYS = 1000;
  private static final int MOST_URLS = 1000;

  /** Who looks for an owner sees the command line of a program that may soon be gone. */
  private static final long MOST_OWNERS = 20;

  private static final int HEAD_MILLIS = 10_000;

  /** A command that has just started may ask before its processes are looked at. */
  private static final int OWNERS_MILLIS = 2_000;

  private final ServerSocket listening;
  private final AllowedHosts allowed;
  private final Tunnel tunnel;
  private final ExecutorService pool =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "modelbake-guard-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private final Map<Key, Long> counts = new LinkedHashMap<>();
  private final Map<Key, Optional<String>> programs = new LinkedHashMap<>();
  private final Set<String> urls = new LinkedHashSet<>();
  private final CompletableFuture<IntFunction<Optional<String>>> owners = new CompletableFuture<>();

  private record Key(String host, int port, Verdict verdict) {}

  /**
   * Begins to listen.
   *
   * @param tunnel the way out for what is allowed
   */
  DenyProxy(AllowedHosts allowed, Tunnel tunnel) throws IOException {
    this.allowed = allowed;
    this.tunnel = tunnel;
    listening = new ServerSocket(0, BACKLOG, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    pool.execute(this::accept);
  }

  /** The port on loopback. */
  int port() {
    return listening.getLocalPort();
  }

  /** Who can tell which process owns a port on loopback; the first request may be waiting. */
  void owners(IntFunction<Optional<String>> known) {
    owners.complete(known);
  }

  private Optional<String> owner(int port) {
    try {
      return owners.get(OWNERS_MILLIS, TimeUnit.MILLISECONDS).apply(port);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    }
  }

  /** What was asked for so far. */
  List<Attempt> attempts() {
    synchronized (counts) {
      List<Attempt> attempts = new ArrayList<>();
      counts.forEach(
          (key, count) ->
              attempts.add(
                  new Attempt(
                      key.host(),
                      key.port(),
                      key.verdict(),
                      new TreeSet<>(List.of(Sight.PROXY)),
                      Optional.empty(),
                      Optional.empty(),
                      programs.getOrDefault(key, Optional.empty()),
                      count)));
      return attempts;
    }
  }

  /** What was fetched without a tunnel, as the client wrote it. */
  List<String> urls() {
    synchronized (urls) {
      return List.copyOf(urls);
    }
  }

  private void note(ProxyRequest request) {
    synchronized (urls) {
      if (request.method().equals("GET") && urls.size() < MOST_URLS) {
        urls.add(request.url());
      }
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        room.acquire();
        pool.execute(() -> serve(client));
      } catch (IOException e) {
        // Closed, or out of file descriptors for a moment.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setSoTimeout(HEAD_MILLIS);
      InputStream in = client.getInputStream();
      Optional<ProxyRequest> request = ProxyRequest.read(in);
      if (request.isEmpty()) {
        answer(client, 400, "this is no request to a proxy");
        return;
      }
      String host = request.get().host();
      int port = request.get().port();
      boolean open = allowed.covers(host, port);
      if (!AllowedHosts.isLocal(host)) {
        count(new Key(host, port, open ? Verdict.ALLOWED : Verdict.REFUSED), client.getPort());
      }
      if (open) {
        note(request.get());
        client.setSoTimeout(0);
        tunnel.carry(request.get(), client);
      } else {
        answer(client, 403, "modelbake guard refused " + host + ":" + port);
      }
    } catch (IOException e) {
      // The client went away, or the way out failed: the client sees its connection end.
    } finally {
      room.release();
    }
  }

  private void count(Key key, int clientPort) {
    Key counted;
    boolean fresh;
    synchronized (counts) {
      counted =
          counts.containsKey(key) || counts.size() < MOST_KEYS
              ? key
              : new Key(Attempt.UNKNOWN, 0, key.verdict());
      fresh = counts.merge(counted, 1L, Long::sum) <= MOST_OWNERS;
      programs.putIfAbsent(counted, Optional.empty());
    }
    if (fresh) {
      Optional<String> program = owner(clientPort);
      synchronized (counts) {
        programs.merge(counted, program, (first, other) -> first.isPresent() ? first : other);
      }
    }
  }

  static void answer(Socket client, int status, String text) throws IOException {
    String reason =
        switch (status) {
          case 400 -> "Bad Request";
          case 403 -> "Forbidden";
          default -> "Bad Gateway";
        };
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(status, reason, body.length);
    OutputStream out = client.getOutputStream();
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      // It takes no more connections either way.
    }
    pool.shutdownNow();
  }
}
