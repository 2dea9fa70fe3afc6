package dev.modelbake.guard;

import dev.modelbake.http.Proxies;
import java.io.IOException;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** The hook and the proxy for one run, and the variables that lead a command to them. */
final class Surveillance implements AutoCloseable {
  private static final String PREFIX = "MODELBAKE_GUARD_";
  private static final List<String> PROXIES = List.of("http_proxy", "https_proxy", "all_proxy");
  private static final String LOOPBACK = "localhost,127.0.0.1,::1";

  private final Map<String, String> environment;
  private final List<String> allow;
  private final Optional<HookDirectory> hook;
  private final Optional<DenyProxy> proxy;
  private final String run = UUID.randomUUID().toString().replace('-', '_');

  /** What happens to what reaches out. */
  enum Mode {
    REFUSE,
    /** Everything passes, and is noted. */
    WATCH
  }

  private final Mode mode;

  private Surveillance(
      Mode mode,
      Map<String, String> environment,
      List<String> allow,
      Optional<HookDirectory> hook,
      Optional<DenyProxy> proxy) {
    this.mode = mode;
    this.environment = environment;
    this.allow = allow;
    this.hook = hook;
    this.proxy = proxy;
  }

  /** Refuses everything but these hosts. */
  static Surveillance refusing(Map<String, String> environment, List<String> allow) {
    AllowedHosts hosts = new AllowedHosts(allow);
    return new Surveillance(
        Mode.REFUSE,
        environment,
        allow,
        HookDirectory.make(environment),
        proxy(environment, hosts));
  }

  /** Lets everything pass and notes what Pythons fetch and write. */
  static Surveillance watching(Map<String, String> environment) {
    // Whoever set a proxy knows the way out better than we do.
    boolean set = PROXIES.stream().anyMatch(name -> isSet(environment, name));
    return new Surveillance(
        Mode.WATCH,
        environment,
        List.of(),
        HookDirectory.make(environment),
        set ? Optional.empty() : proxy(environment, AllowedHosts.ALL));
  }

  /** A new network namespace has a loopback that is down: nobody could ask a proxy there. */
  private static Optional<DenyProxy> proxy(Map<String, String> environment, AllowedHosts hosts) {
    try {
      NetworkInterface loopback = NetworkInterface.getByName("lo");
      return loopback != null && loopback.isUp()
          ? Optional.of(new DenyProxy(hosts, new Tunnel(Proxies.of(environment))))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // the layer is absent, which the report says
    }
  }

  private static boolean isSet(Map<String, String> environment, String name) {
    return !environment.getOrDefault(name, "").isEmpty()
        || !environment.getOrDefault(name.toUpperCase(Locale.ROOT), "").isEmpty();
  }

  Optional<DenyProxy> proxy() {
    return proxy;
  }

  Optional<HookDirectory> hook() {
    return hook;
  }

  /** A variable with its value that no other run has, a guard around this one least of all. */
  String mark() {
    return PREFIX + "RUN_" + run + "=1";
  }

  /** The variables of the command. */
  Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>(environment);
    variables.put(PREFIX + "RUN_" + run, "1");
    hook.ifPresent(
        directory -> {
          String outer = environment.getOrDefault(PREFIX + "NOTES", "");
          String around = environment.getOrDefault(PREFIX + "ALLOW", "");
          boolean within = !outer.isEmpty(); // a guard around this one wants to know too
          variables.put(PREFIX + "NOTES", directory.notes() + (within ? ":" + outer : ""));
          variables.put(PREFIX + "MODE", mode == Mode.WATCH ? "watch" : "refuse");
          variables.put(PREFIX + "ALLOW", String.join(",", allow) + (within ? ";" + around : ""));
          String before = variables.getOrDefault("PYTHONPATH", "");
          variables.put(
              "PYTHONPATH",
              before.isEmpty() ? directory.hook().toString() : directory.hook() + ":" + before);
        });
    proxy.ifPresent(
        listening -> {
          variables.put(PREFIX + "PROXY", Integer.toString(listening.port()));
          for (String name : PROXIES) {
            variables.put(name, "http://127.0.0.1:" + listening.port());
            variables.put(name.toUpperCase(Locale.ROOT), variables.get(name));
          }
          variables.put("NODE_USE_ENV_PROXY", "1"); // Node 24 and newer
          variables.put("no_proxy", LOOPBACK);
          variables.put("NO_PROXY", LOOPBACK);
        });
    return variables;
  }

  @Override
  public void close() {
    proxy.ifPresent(DenyProxy::close);
    hook.ifPresent(HookDirectory::close);
  }
}
