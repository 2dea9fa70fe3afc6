package dev.modelbake.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real docker-registry on loopback, with everything of its own in one place. */
public final class DockerRegistry implements AutoCloseable {
  private final Process process;
  private final Path directory;
  private final int port;

  private DockerRegistry(Process process, Path directory, int port) {
    this.process = process;
    this.directory = directory;
    this.port = port;
  }

  /** One that anybody may use. */
  public static DockerRegistry open() throws IOException {
    return start(freePort(), "");
  }

  /** One that wants this user and password. */
  public static DockerRegistry withPassword(String user, String password) throws IOException {
    Path file = Files.createTempFile("htpasswd", "");
    Program.of("htpasswd", "-Bbc", file, user, password).run().ok();
    return start(freePort(), "auth: {htpasswd: {realm: models, path: " + file + "}}\n");
  }

  /**
   * One that wants tokens.
   *
   * @param auth the lines of its configuration about that
   */
  public static DockerRegistry withTokens(String auth) throws IOException {
    return start(freePort(), auth);
  }

  private static DockerRegistry start(int port, String auth) throws IOException {
    Path directory = Files.createTempDirectory("modelbake-registry");
    Path configuration = directory.resolve("config.yml");
    Files.writeString(
        configuration,
        """
        version: 0.1
        log: {level: warn, accesslog: {disabled: true}}
        storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
        http: {addr: "127.0.0.1:%d"}
        """
                .formatted(directory.resolve("data"), port)
            + auth);
    Process process =
        new ProcessBuilder("docker-registry", "serve", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    DockerRegistry registry = new DockerRegistry(process, directory, port);
    registry.awaitAnswer();
    return registry;
  }

  /** Its host with the port. */
  public String host() {
    return "127.0.0.1:" + port;
  }

  /** Where its data is. */
  public Path data() {
    return directory.resolve("data");
  }

  @Override
  public void close() {
    process.destroyForcibly();
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
