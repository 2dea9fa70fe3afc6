package dev.modelbake.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server on loopback that answers each connection by a script: what no proper HTTP server can be
 * made to do.
 */
public final class RawServer implements AutoCloseable {
  private final ServerSocket socket;
  private final Start start;
  private final List<Script> scripts;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

  private RawServer(ServerSocket socket, Start start, List<Script> scripts) {
    this.socket = socket;
    this.start = start;
    this.scripts = scripts;
  }

  private enum Start {
    LISTENS,
    TALKS
  }

  /** What happens on one connection after its request was read; closing follows. */
  @FunctionalInterface
  public interface Script {
    /** Writes the answer. */
    void answer(Connection connection) throws IOException, InterruptedException;
  }

  /** One connection. */
  public record Connection(Socket socket, String request) {
    /** Sends text, each character one byte. */
    public void send(String text) throws IOException {
      send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes. */
    public void send(byte[] bytes) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    }

    /** Waits until the client has gone away. */
    public void awaitEnd() throws IOException {
      while (socket.getInputStream().read() >= 0) {
        Thread.onSpinWait();
      }
    }

    /** Makes the end of the connection a reset. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
    }
  }

  /** Starts a server; connections beyond the last script get that one again. */
  public static RawServer answering(Script... scripts) {
    return start(Start.LISTENS, scripts);
  }

  /** Starts a server that does not wait for a request. */
  public static RawServer talking(Script... scripts) {
    return start(Start.TALKS, scripts);
  }

  private static RawServer start(Start start, Script... scripts) {
    try {
      ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      RawServer server = new RawServer(socket, start, List.of(scripts));
      Thread thread = new Thread(server::accept, "raw-server");
      thread.setDaemon(true);
      thread.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The URL of a path that begins with a slash. */
  public String url(String path) {
    return "http://127.0.0.1:" + socket.getLocalPort() + path;
  }

  /** The requests so far, each with its headers. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    try {
      socket.close();
      for (Socket client : clients) {
        client.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    for (int i = 0; !socket.isClosed(); i++) {
      try {
        Socket client = socket.accept();
        clients.add(client);
        Script script = scripts.get(Math.min(i, scripts.size() - 1));
        Thread thread = new Thread(() -> answer(client, script), "raw-server-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket client, Script script) {
    try (client) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
      StringBuilder request = new StringBuilder();
      String line = start == Start.TALKS ? null : in.readLine();
      for (; line != null && !line.isEmpty(); line = in.readLine()) {
        request.append(line).append('\n');
      }
      requests.add(request.toString());
      script.answer(new Connection(client, request.toString()));
    } catch (IOException e) {
      // The client went away.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
