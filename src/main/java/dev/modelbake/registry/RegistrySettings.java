package dev.modelbake.registry;

import java.util.Map;
import java.util.Set;

/**
 * How registries are reached.
 *
 * @param insecure hosts, with their port when it is given, that are spoken to in plain http;
 *     loopback always is
 * @param accounts by host, with its port; before those of any file
 * @param helpers whether programs that the configuration of Docker names are run
 */
public record RegistrySettings(
    Set<String> insecure, Map<String, Account> accounts, Helpers helpers) {
  /** No host in plain http, no accounts but those of files, no helpers. */
  public static final RegistrySettings DEFAULT =
      new RegistrySettings(Set.of(), Map.of(), Helpers.IGNORED);

  public RegistrySettings {
    insecure = Set.copyOf(insecure);
    accounts = Map.copyOf(accounts);
  }

  /** Whether credential helpers are run. */
  public enum Helpers {
    IGNORED,
    RUN
  }
}
