package dev.modelbake.http;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the client looks for files.
 *
 * @param home of the running user, for {@code .netrc}
 * @param secrets the directory of a build's secrets
 * @param authorities further ones to trust
 * @param headersFile lines {@code https://host[:port]/ Header: value}
 */
public record Places(
    Optional<Path> home, Path secrets, List<Authorities> authorities, Optional<Path> headersFile) {
  public Places {
    authorities = List.copyOf(authorities);
  }

  /**
   * A file with certificate authorities, in PEM form.
   *
   * @param setting where it was named
   */
  public record Authorities(String setting, Path path) {}

  /** Where Linux distributions keep their bundle of authorities; the first that exists counts. */
  static final List<Path> BUNDLES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));
}
