package dev.modelbake.http;

import dev.modelbake.model.HostRules;
import java.util.Map;
import java.util.Set;

/**
 * What the client goes by.
 *
 * @param environment the process environment: proxies, tokens, certificate bundles
 * @param allowHosts host names or literal addresses that may be asked although they are link-local
 * @param hosts those that may be asked at all, by a redirect neither
 */
public record HttpSettings(
    Map<String, String> environment,
    Places places,
    Set<String> allowHosts,
    HostRules hosts,
    Limits limits) {
  public HttpSettings {
    environment = Map.copyOf(environment);
    allowHosts = Set.copyOf(allowHosts);
  }
}
