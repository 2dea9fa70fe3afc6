package dev.modelbake.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real nginx that serves a directory on loopback, with everything of its own in one place. */
public final class Nginx implements AutoCloseable {
  private final Process process;
  private final Path directory;
  private final int port;

  private Nginx(Process process, Path directory, int port) {
    this.process = process;
    this.directory = directory;
    this.port = port;
  }

  /** Starts it and waits until it answers. */
  public static Nginx serving(Path files) throws IOException {
    Path directory = Files.createTempDirectory("modelbake-nginx");
    int port = freePort();
    Path configuration = directory.resolve("nginx.conf");
    Files.writeString(
        configuration,
        """
        daemon off;
        user root;
        worker_processes 1;
        pid DIR/pid;
        error_log stderr warn;
        events {}
        http {
          access_log off;
          sendfile on;
          client_body_temp_path DIR/t1;
          proxy_temp_path DIR/t2;
          fastcgi_temp_path DIR/t3;
          uwsgi_temp_path DIR/t4;
          scgi_temp_path DIR/t5;
          server { listen 127.0.0.1:PORT; root FILES; }
        }
        """
            .replace("DIR", directory.toString())
            .replace("PORT", Integer.toString(port))
            .replace("FILES", files.toString()));
    Process process =
        new ProcessBuilder("nginx", "-c", configuration.toString(), "-p", directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    Nginx nginx = new Nginx(process, directory, port);
    nginx.awaitAnswer();
    return nginx;
  }

  /** Without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
    Program.of("rm", "-rf", directory).run().ok();
  }

  private void awaitAnswer() throws IOException {
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        if (!process.isAlive()) {
          throw new IOException(Files.readString(directory.resolve("log")), e);
        }
        Thread.onSpinWait();
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
