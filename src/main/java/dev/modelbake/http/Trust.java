package dev.modelbake.http;

import dev.modelbake.http.Places.Authorities;
import dev.modelbake.model.EnvironmentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate authorities to trust: the system's bundle or else the Java runtime's own, and
 * those the environment adds.
 *
 * @param bundle the system's; absent when there is none
 * @param added by variable or option
 */
record Trust(Optional<Path> bundle, List<Authorities> added) {
  static Trust of(HttpSettings settings, List<Path> bundles) {
    List<Authorities> added = new ArrayList<>();
    for (String name : new String[] {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"}) {
      String value = settings.environment().getOrDefault(name, "");
      if (!value.isBlank()) {
        added.add(new Authorities(name, Path.of(value.strip())));
      }
    }
    added.addAll(settings.places().authorities());
    return new Trust(bundles.stream().filter(Files::isReadable).findFirst(), added);
  }

  /** What is trusted, for people. */
  String description() {
    StringBuilder text =
        new StringBuilder(bundle.map(Path::toString).orElse("the Java runtime's authorities"));
    added.forEach(
        one ->
            text.append(" + ").append(one.path()).append(" (").append(one.setting()).append(')'));
    return text.toString();
  }

  /**
   * Reads the authorities; takes some tens of milliseconds.
   *
   * @throws EnvironmentException if a file that was named has none
   */
  X509TrustManager manager() {
    List<X509Certificate> authorities = new ArrayList<>();
    bundle.ifPresent(path -> authorities.addAll(readBundle(path)));
    if (authorities.isEmpty()) {
      authorities.addAll(List.of(manager(null).getAcceptedIssuers()));
    }
    added.forEach(one -> authorities.addAll(readAdded(one)));
    if (authorities.isEmpty()) {
      throw new EnvironmentException(
          "TLS",
          "no certificate authority was found on this system",
          "install ca-certificates, or give a bundle with --cacert",
          null);
    }
    return new ExplainingTrustManager(manager(keyStore(authorities)), description());
  }

  private static List<X509Certificate> readBundle(Path path) {
    try {
      return PemFile.read(path);
    } catch (IOException e) {
      return List.of();
    }
  }

  private static List<X509Certificate> readAdded(Authorities one) {
    List<X509Certificate> certificates;
    try {
      certificates = PemFile.read(one.path());
    } catch (IOException e) {
      throw new EnvironmentException(
          one.setting(), one.path() + " cannot be read", "give a readable PEM file", e);
    }
    if (certificates.isEmpty()) {
      throw new EnvironmentException(
          one.setting(),
          one.path() + " holds no certificate",
          "give certificates in PEM form (-----BEGIN CERTIFICATE-----)",
          null);
    }
    return certificates;
  }

  private static KeyStore keyStore(List<X509Certificate> authorities) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry(Integer.toString(i), authorities.get(i));
      }
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every Java runtime has a key store in memory", e);
    }
  }

  /** A manager for these authorities, or for the Java runtime's own. */
  private static X509TrustManager manager(@Nullable KeyStore authorities) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(authorities);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager found) {
          return found;
        }
      }
      throw new IllegalStateException("the Java runtime has no X.509 trust manager");
    } catch (GeneralSecurityException e) {
      throw new EnvironmentException(
          "TLS",
          "the Java runtime's certificate authorities cannot be read",
          "install ca-certificates, or give a bundle with --cacert",
          e);
    }
  }
}
