package dev.modelbake.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real nginx that serves a directory on loopback, with everything of its own in one place. */
public final class Nginx implements AutoCloseable {
  private final LocalServer server;

  private Nginx(LocalServer server) {
    this.server = server;
  }

  /** Starts it and waits until it answers. */
  public static Nginx serving(Path files) throws IOException {
    Path directory = Files.createTempDirectory("modelbake-nginx");
    int port = LocalServer.freePort();
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
    return new Nginx(
        LocalServer.start(
            directory, port, "nginx", "-c", configuration.toString(), "-p", directory.toString()));
  }

  /** Without a slash at the end. */
  public String url() {
    return "http://" + server.host();
  }

  @Override
  public void close() {
    server.close();
  }
}
