package dev.modelbake.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One host on loopback that serves files and plays a script of faults for each. It also notes what
 * it was asked and with which credentials. Knows nothing of the program under test.
 */
final class FaultyOrigin implements AutoCloseable {
  /** What the next answer for a file is. */
  enum Act {
    HONEST,
    // What a good program gets over with from this source alone.
    CUT,
    RESET,
    SILENT_END,
    BUSY,
    IGNORE_RANGE,
    WRONG_RANGE,
    NOT_SATISFIABLE,
    // What makes this source useless for the moment.
    GONE,
    FORBIDDEN,
    UNAUTHORIZED,
    TOO_MANY,
    NONSENSE_AFTER,
    REDIRECT_ON,
    REDIRECT_LOOP,
    REDIRECT_NOWHERE,
    ENCODED,
    STALL,
    BROKEN_LENGTH,
    ESCAPES,
    // Lies.
    FLIP,
    SHIFTED,
    LONGER,
    SHORTER,
    PAGE,
    POISON;

    /** Acts after which the same source, asked again, is enough. */
    static final List<Act> TOLERABLE =
        List.of(HONEST, CUT, RESET, SILENT_END, BUSY, IGNORE_RANGE, WRONG_RANGE, NOT_SATISFIABLE);

    /** Whether bytes come that are not those of the file. */
    boolean isLie() {
      return compareTo(FLIP) >= 0;
    }
  }

  private static final Pattern RANGE = Pattern.compile("(?mi)^range: bytes=(\\d+)-(\\d*)$");
  private static final Pattern SECRET = Pattern.compile("(?mi)^authorization: (.+)$");

  private final ServerSocket socket;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, Deque<Act>> scripts = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final Set<String> secrets = ConcurrentHashMap.newKeySet();
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private final List<Act> played = new CopyOnWriteArrayList<>();
  private volatile String elsewhere = "";
  private volatile Runnable whileSilent = () -> {};

  FaultyOrigin() {
    try {
      socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::accept, "origin");
    thread.setDaemon(true);
    thread.start();
  }

  /** Where it is, without a slash at the end. */
  String url() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  /** Where redirects to somewhere else lead. */
  void elsewhere(FaultyOrigin other) {
    elsewhere = other.url();
  }

  /** What happens over and over while it keeps a client waiting. */
  void whileSilent(Runnable action) {
    whileSilent = action;
  }

  /** Serves a file; honest once the script has ended. */
  void serve(String path, byte[] bytes, List<Act> script) {
    files.put(path, bytes);
    scripts.put(path, new ArrayDeque<>(script));
  }

  /** Forgets all scripts: from here on every answer is right. */
  void reform() {
    scripts.values().forEach(Deque::clear);
  }

  /** Requests since the last call, for each path. */
  Map<String, Integer> takeAsked() {
    Map<String, Integer> taken = new ConcurrentHashMap<>();
    asked.forEach((path, count) -> taken.put(path, count.getAndSet(0)));
    return taken;
  }

  /** All credentials that ever came. */
  Set<String> secrets() {
    return secrets;
  }

  /** What was played since the last call, but for honest answers. */
  List<Act> takePlayed() {
    List<Act> taken = List.copyOf(played);
    played.clear();
    return taken;
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket client : clients) {
      client.close();
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        clients.add(client);
        Thread thread = new Thread(() -> serve(client), "origin-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
      while (answer(client, in)) {
        client.getOutputStream().flush();
      }
    } catch (IOException e) {
      // The client went away.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      clients.remove(client);
    }
  }

  /** One request; false when the connection ends with it. */
  private boolean answer(Socket client, BufferedReader in)
      throws IOException, InterruptedException {
    StringBuilder head = new StringBuilder();
    String line = in.readLine();
    for (; line != null && !line.isEmpty(); line = in.readLine()) {
      head.append(line).append('\n');
    }
    if (line == null) {
      return false;
    }
    String request = head.toString();
    Matcher secret = SECRET.matcher(request);
    if (secret.find()) {
      secrets.add(secret.group(1));
    }
    // A client that uses this as a proxy names the whole URL.
    String path =
        request.split(" ", 3)[1].replaceFirst("^http://[^/]+", "").replaceFirst("\\?.*", "");
    asked.computeIfAbsent(path, p -> new AtomicInteger()).incrementAndGet();
    byte[] bytes = files.get(path);
    OutputStream out = client.getOutputStream();
    if (bytes == null) {
      return say(out, "404 Not Found", "", "nothing here");
    }
    Act act = next(path);
    if (act != Act.HONEST) {
      played.add(act);
    }
    Matcher range = RANGE.matcher(request);
    int from = 0;
    int to = bytes.length;
    boolean isRange = range.find();
    if (isRange) {
      from = (int) Math.min(Long.parseLong(range.group(1)), bytes.length);
      to = range.group(2).isEmpty() ? to : (int) Math.min(to, Long.parseLong(range.group(2)) + 1);
    }
    return new Answering(client, out, path, bytes, from, to, isRange).play(act);
  }

  private Act next(String path) {
    Deque<Act> script = scripts.get(path);
    synchronized (script) {
      Act act = script.poll();
      return act == null ? Act.HONEST : act;
    }
  }

  private static boolean say(OutputStream out, String status, String headers, String body)
      throws IOException {
    write(
        out,
        "HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s"
            .formatted(status, body.length(), headers, body));
    return true;
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** One answer with a file's bytes, or what comes in its place. */
  private final class Answering {
    private final Socket client;
    private final OutputStream out;
    private final String path;
    private final byte[] bytes;
    private final int from;
    private final int to;
    private final boolean isRange;

    Answering(
        Socket client, OutputStream out, String path, byte[] bytes, int from, int to, boolean is) {
      this.client = client;
      this.out = out;
      this.path = path;
      this.bytes = bytes;
      this.from = from;
      this.to = to;
      this.isRange = is;
    }

    boolean play(Act act) throws IOException, InterruptedException {
      byte[] body = Arrays.copyOfRange(bytes, from, to);
      return switch (act) {
        case HONEST -> whole(body);
        case CUT -> {
          head(body.length);
          out.write(body, 0, body.length / 2);
          out.flush();
          yield false;
        }
        case RESET -> {
          head(body.length);
          out.write(body, 0, body.length / 3);
          out.flush();
          client.setSoLinger(true, 0);
          yield false;
        }
        case SILENT_END -> false;
        case BUSY -> say(out, "503 Busy", "", "busy");
        case IGNORE_RANGE -> {
          write(out, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n".formatted(bytes.length));
          out.write(bytes);
          yield true;
        }
        case WRONG_RANGE -> {
          if (!isRange || from == 0) {
            yield whole(body);
          }
          int shift = from / 2;
          byte[] other = Arrays.copyOfRange(bytes, shift, bytes.length);
          range(shift, bytes.length);
          out.write(other);
          yield true;
        }
        case NOT_SATISFIABLE ->
            isRange
                ? say(
                    out,
                    "416 Range Not Satisfiable",
                    "Content-Range: bytes */%d\r\n".formatted(bytes.length),
                    "")
                : whole(body);
        case GONE -> say(out, "404 Not Found", "", "gone");
        case FORBIDDEN -> say(out, "403 Forbidden", "", "no");
        case UNAUTHORIZED ->
            say(
                out,
                "401 Unauthorized",
                "WWW-Authenticate: Basic realm=\"\u001b[31mx\"\r\n",
                "who");
        case TOO_MANY -> say(out, "429 Too Many Requests", "Retry-After: 2\r\n", "");
        case NONSENSE_AFTER -> say(out, "503 Busy", "Retry-After: 99999999999999999999\r\n", "");
        case REDIRECT_ON -> say(out, "302 Found", "Location: " + elsewhere + path + "\r\n", "");
        case REDIRECT_LOOP -> say(out, "302 Found", "Location: " + path + "\r\n", "");
        case REDIRECT_NOWHERE -> say(out, "302 Found", "Location: file:///etc/passwd\r\n", "");
        case ENCODED -> {
          write(
              out,
              "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
                  .formatted(bytes.length));
          out.write(bytes);
          yield true;
        }
        case STALL -> {
          head(body.length);
          out.write(body, 0, body.length / 4);
          out.flush();
          silence();
          yield false;
        }
        case BROKEN_LENGTH -> {
          write(out, "HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n");
          out.write(bytes);
          yield false;
        }
        case ESCAPES ->
            say(
                out,
                "404 \u001b]0;owned\u0007\u001b[2J",
                "",
                "\u001b]0;owned\u0007<title>\u001b[2J</title>");
        case FLIP -> {
          body[body.length / 2] ^= 1;
          yield whole(body);
        }
        case SHIFTED -> {
          byte[] shifted = new byte[body.length];
          System.arraycopy(
              body, 0, shifted, shifted.length / 2, shifted.length - shifted.length / 2);
          yield whole(shifted);
        }
        case LONGER -> {
          write(out, "HTTP/1.1 200 OK\r\n\r\n");
          out.write(bytes);
          out.write(bytes);
          yield false;
        }
        case SHORTER -> {
          byte[] less = Arrays.copyOf(bytes, bytes.length / 2);
          write(out, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n".formatted(less.length));
          out.write(less);
          yield true;
        }
        case PAGE ->
            say(
                out,
                "200 OK",
                "Content-Type: text/html\r\n",
                "<html><title>Quota\u001b[31m exceeded</title>" + secrets + "</html>");
        case POISON -> {
          body[0] ^= 1;
          head(body.length);
          out.write(body, 0, body.length / 2);
          out.flush();
          yield false;
        }
      };
    }

    private boolean whole(byte[] body) throws IOException {
      head(body.length);
      out.write(body);
      return true;
    }

    private void head(int length) throws IOException {
      if (isRange) {
        range(from, to);
      } else {
        write(
            out,
            "HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\nContent-Length: %d\r\n\r\n"
                .formatted(length));
      }
    }

    private void range(int first, int end) throws IOException {
      write(
          out,
          "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes %d-%d/%d\r\nContent-Length: %d\r\n\r\n"
              .formatted(first, end - 1, bytes.length, end - first));
    }

    /** Says nothing until the client has gone. */
    private void silence() throws IOException, InterruptedException {
      client.setSoTimeout(1);
      while (true) {
        try {
          if (client.getInputStream().read() < 0) {
            return;
          }
        } catch (java.net.SocketTimeoutException e) {
          whileSilent.run();
        }
      }
    }
  }
}
