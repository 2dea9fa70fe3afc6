package dev.modelbake.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real docker-registry on loopback, with everything of its own in one place. */
public final class DockerRegistry implements AutoCloseable {
  private final LocalServer server;

  private DockerRegistry(LocalServer server) {
    this.server = server;
  }

  /** One that anybody may use. */
  public static DockerRegistry open() throws IOException {
    return start("");
  }

  /** One that wants this user and password. */
  public static DockerRegistry withPassword(String user, String password) throws IOException {
    Path file = Files.createTempFile("htpasswd", "");
    Program.of("htpasswd", "-Bbc", file, user, password).run().ok();
    return start("auth: {htpasswd: {realm: models, path: " + file + "}}\n");
  }

  /**
   * One that wants tokens.
   *
   * @param auth the lines of its configuration about that
   */
  public static DockerRegistry withTokens(String auth) throws IOException {
    return start(auth);
  }

  private static DockerRegistry start(String auth) throws IOException {
    int port = LocalServer.freePort();
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
    return new DockerRegistry(
        LocalServer.start(directory, port, "docker-registry", "serve", configuration.toString()));
  }

  /** Its host with the port. */
  public String host() {
    return server.host();
  }

  @Override
  public void close() {
    server.close();
  }
}
