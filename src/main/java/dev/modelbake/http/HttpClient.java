package dev.modelbake.http;

import dev.modelbake.http.Answer.Secrecy;
import dev.modelbake.http.Proxies.ProxyServer;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.CredentialException;
import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.model.SourceUrl;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers for bytes: one request, at most five redirects, one answer. Safe for use by several
 * threads; an interrupted thread gets an {@link InterruptedBakeException} promptly.
 *
 * <p>Credentials and certificate authorities are read when the first request needs them.
 */
public final class HttpClient implements AutoCloseable {
  private static final int REDIRECTS = 5;

  /** Broken HTTP/2 connections after which an origin is spoken to in HTTP/1.1. */
  private static final int HTTP2_BREAKS = 2;

  private final HttpSettings settings;
  private final Proxies proxies;
  private final Names names;
  private final Trust trust;
  private final Clients clients;
  private final Watchdog watchdog;
  private final Map<String, AtomicInteger> http2Breaks = new ConcurrentHashMap<>();
  private @Nullable Credentials credentials;
  private @Nullable BakeException unusable;

  /**
   * A client.
   *
   * @throws EnvironmentException if a proxy variable holds no proxy
   */
  public HttpClient(HttpSettings settings, Time time) {
    this(settings, time, Dns.SYSTEM);
  }

  HttpClient(HttpSettings settings, Time time, Dns resolver) {
    this.settings = settings;
    proxies = Proxies.of(settings.environment());
    names =
        new Names(resolver, host -> settings.allowHosts().contains(host) || proxies.isProxy(host));
    trust = Trust.of(settings, Places.BUNDLES);
    clients = new Clients(settings, proxies, names, trust);
    watchdog = new Watchdog(time, settings.limits());
  }

  /** Whether the time for everything is over. */
  public boolean deadlinePassed() {
    return watchdog.deadlinePassed();
  }

  /** A pause before another attempt, but no longer than the time for everything allows. */
  public Duration untilDeadline(Duration pause) {
    return watchdog.untilDeadline(pause);
  }

  /** Whether a URL leads to this machine. */
  public static boolean isLoopback(SourceUrl url) {
    return url.uri().getHost() != null && Hosts.isLoopback(url.uri().getHost());
  }

  /**
   * How a host is reached: the proxy and the certificate authorities, for people; holds no secret.
   */
  public String describeRoute(SourceUrl url) {
    if (!url.scheme().startsWith("http")) {
      return "no network";
    }
    int port = url.uri().getPort() >= 0 ? url.uri().getPort() : https(url) ? 443 : 80;
    Optional<ProxyServer> proxy =
        proxies.proxyFor(url.scheme(), Hosts.bare(url.uri().getHost()), port);
    String way = proxy.map(server -> "through the proxy " + server).orElse("direct");
    return https(url) ? way + ", trusting " + trust.description() : way;
  }

  /**
   * Asks for a URL and follows its redirects.
   *
   * @param pace counts the body; its window begins with the answer
   * @throws HttpFailure for every answer but 200, 206 and 416 to a range
   * @throws CredentialException if a credential's file cannot be read
   * @throws EnvironmentException if a token or a certificate bundle cannot be used
   */
  public Answer get(Get get, Pace pace) throws HttpFailure {
    Way way = new Way(get.url(), get.login(), get.connection());
    return answer(travel(way, (url, headers) -> request(url, get, headers), pace), get, pace);
  }

  /**
   * Sends a request and reads the whole answer, whatever its status. Redirects of requests without
   * a body are followed.
   *
   * @param pace counts the body that is sent
   * @throws HttpFailure if there is no answer, or one longer than asked for
   */
  public Reply send(Send send, Pace pace) throws HttpFailure {
    Way way = new Way(send.url(), send.login(), Get.Connection.POOLED);
    Received received = travel(way, (url, headers) -> request(url, send, headers, pace), pace);
    Response response = received.response();
    try {
      byte[] body =
          received.exchange().step(() -> response.body().byteStream().readNBytes(send.most() + 1));
      if (body.length > send.most()) {
        throw new HttpFailure(
            Trouble.BROKEN_PROTOCOL,
            "an answer of more than %d bytes".formatted(send.most()),
            Optional.empty());
      }
      received.exchange().close();
      response.close();
      return new Reply(response, body);
    } catch (HttpFailure e) {
      close(received.exchange(), response);
      throw e;
    }
  }

  /** Makes the request for one hop of the way. */
  @FunctionalInterface
  private interface Form {
    Request at(HttpUrl url, Map<String, String> secrets);
  }

  private record Way(SourceUrl start, Login login, Get.Connection connection) {}

  /** Follows redirects, and answers one challenge of the first host. */
  private Received travel(Way way, Form form, Pace pace) throws HttpFailure {
    HttpUrl url = parse(way.start());
    Map<String, String> secrets = new LinkedHashMap<>(secretsFor(way.start(), url));
    way.login().authorization().ifPresent(known -> secrets.putIfAbsent("Authorization", known));
    String origin = origin(url);
    boolean home = true;
    boolean challenged = false;
    for (int hop = 0; hop <= REDIRECTS; hop++) {
      home = home && origin(url).equals(origin);
      Map<String, String> headers = home ? secrets : Map.of();
      Request request = form.at(url, headers);
      Exchange exchange = exchange(request, way.connection(), pace);
      Response response = exchange.head();
      Optional<String> answered = Optional.empty();
      if (home && !challenged && response.code() == 401) {
        challenged = true;
        answered = answer(way.login(), exchange, response);
      }
      if (answered.isEmpty() && !isRedirect(response, request)) {
        return new Received(exchange, response, headers);
      }
      try {
        if (answered.isPresent()) {
          secrets.put("Authorization", answered.get());
        } else {
          url = next(url, response.header("Location"));
        }
      } finally {
        close(exchange, response);
      }
    }
    throw new HttpFailure(
        Trouble.REDIRECT, "more than %d redirects".formatted(REDIRECTS), Optional.empty());
  }

  private static Optional<String> answer(Login login, Exchange exchange, Response response)
      throws HttpFailure {
    try {
      Optional<String> refused = Optional.ofNullable(response.request().header("Authorization"));
      return login.answer(refused, response.headers("WWW-Authenticate"));
    } catch (HttpFailure | RuntimeException e) {
      close(exchange, response);
      throw e;
    }
  }

  /** Ends the threads and connections of this client. */
  @Override
  public void close() {
    watchdog.close();
    clients.close();
  }

  private record Received(Exchange exchange, Response response, Map<String, String> secrets) {}

  private Answer answer(Received received, Get get, Pace pace) throws HttpFailure {
    Response response = received.response();
    try {
      boolean ranged = get.part().isRange();
      boolean usable =
          response.code() == 200 || (ranged && (response.code() == 206 || response.code() == 416));
      if (!usable) {
        throw failure(response, get);
      }
      String encoding = response.header("Content-Encoding");
      if (encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity")) {
        throw new HttpFailure(
            Trouble.ABSENT,
            "the server compressed the answer though asked not to (Content-Encoding)",
            Optional.empty());
      }
      return new Answer(received.exchange(), response, pace, secrecy(received, get));
    } catch (HttpFailure e) {
      close(received.exchange(), response);
      throw e;
    }
  }

  /** A query may be a credential too, and a proxy that wants one answers in the host's place. */
  private Secrecy secrecy(Received received, Get get) {
    HttpUrl url = received.response().request().url();
    boolean secret =
        !received.secrets().isEmpty()
            || get.url().uri().getRawQuery() != null
            || url.encodedQuery() != null
            || proxy(url).flatMap(ProxyServer::authorization).isPresent();
    return secret ? Secrecy.SECRET : Secrecy.PUBLIC;
  }

  /** Cancels first: a body that says it has a negative length cannot even be closed. */
  private static void close(Exchange exchange, Response response) {
    exchange.abort();
    try {
      response.close();
    } catch (RuntimeException e) {
      exchange.abort();
    }
  }

  private HttpFailure failure(Response response, Get get) throws HttpFailure {
    if (response.code() == 407) {
      return new Diagnosis(response.request().url(), proxy(response.request().url()), new Stage())
          .login();
    }
    if (response.code() == 206) {
      return new HttpFailure(
          Trouble.BROKEN_PROTOCOL, "HTTP 206 although no range was asked for", Optional.empty());
    }
    // The storage that the hub redirects to has no part in its codes.
    HttpUrl answered = response.request().url();
    boolean hub =
        credentials().isHub(get.url()) && origin(answered).equals(origin(parse(get.url())));
    Optional<HttpFailure> told = hub ? HubStatuses.of(response) : Optional.empty();
    return told.orElseGet(() -> Statuses.of(response));
  }

  private Exchange exchange(Request request, Get.Connection connection, Pace pace)
      throws HttpFailure {
    HttpUrl url = request.url();
    Optional<ProxyServer> proxy = proxy(url);
    if (watchdog.deadlinePassed()) {
      throw Exchange.deadline(settings.limits(), null);
    }
    if (!settings.hosts().allows(url.host(), url.port())) {
      throw new HttpFailure(
          Trouble.REFUSED,
          "%s is none of the hosts that the site allows".formatted(url.host()),
          Optional.empty());
    }
    try {
      names.checkLiteral(url.host());
    } catch (Names.RefusedAddressException e) {
      throw new Diagnosis(url, proxy, new Stage()).of(e);
    }
    AtomicInteger breaks = http2Breaks.computeIfAbsent(origin(url), o -> new AtomicInteger());
    boolean http1 = connection == Get.Connection.POOLED && breaks.get() >= HTTP2_BREAKS;
    Get.Connection usable = http1 ? Get.Connection.OWN : connection;
    Call call = clients.client(usable, url.isHttps()).newCall(request);
    Exchange.Way way = new Exchange.Way(proxy, settings.limits(), breaks::incrementAndGet);
    return new Exchange(call, way, cancel -> watchdog.watch(pace, cancel));
  }

  private static Request.Builder request(HttpUrl url) {
    return new Request.Builder()
        .url(url)
        .header("User-Agent", UserAgent.VALUE)
        .header("Accept", "*/*")
        .header("Accept-Encoding", "identity");
  }

  private Request request(HttpUrl url, Send send, Map<String, String> secrets, Pace pace) {
    Request.Builder request = request(url);
    send.headers().forEach(request::header);
    secrets.forEach(request::header);
    boolean bodied = send.method() == Send.Method.POST || send.method() == Send.Method.PUT;
    Outgoing body = bodied ? new Outgoing(send.body(), pace, settings.limits()) : null;
    return request.method(send.method().name(), body).build();
  }

  private static Request request(HttpUrl url, Get get, Map<String, String> secrets) {
    Request.Builder request = request(url);
    if (get.part().isRange()) {
      request.header("Range", get.part().text());
      get.ifRange().ifPresent(tag -> request.header("If-Range", tag));
    }
    secrets.forEach(request::header);
    return request.build();
  }

  /** What has a body is not sent again elsewhere: whoever sent it begins anew. */
  private static boolean isRedirect(Response response, Request request) {
    boolean plain = request.method().equals("GET") || request.method().equals("HEAD");
    return switch (response.code()) {
      case 301, 302, 303 -> plain;
      case 307, 308 -> plain || (request.body() instanceof Outgoing body && !body.isOneShot());
      default -> false;
    };
  }

  private static HttpUrl next(HttpUrl from, @Nullable String location) throws HttpFailure {
    if (location == null || location.isEmpty()) {
      throw redirect("a redirect without a target");
    }
    if (location.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      throw redirect("a redirect whose target has control characters");
    }
    HttpUrl to = from.resolve(location);
    if (to == null) {
      String scheme = location.replaceFirst("(?s)[^A-Za-z0-9+.-].*", "");
      throw redirect(
          scheme.matches("(?i)https?")
              ? "a redirect to an address that is none"
              : "a redirect to something other than http or https"
                  + (scheme.length() <= 8 ? " (" + scheme.toLowerCase(Locale.ROOT) + ")" : ""));
    }
    if (!to.username().isEmpty() || !to.password().isEmpty()) {
      throw redirect("a redirect whose target holds a user or password");
    }
    if (from.isHttps() && !to.isHttps()) {
      throw redirect("a redirect from https to http (%s)".formatted(to.host()));
    }
    return to;
  }

  private static HttpFailure redirect(String what) {
    return new HttpFailure(Trouble.REDIRECT, what + ", not followed", Optional.empty());
  }

  private static HttpUrl parse(SourceUrl url) throws HttpFailure {
    try {
      return HttpUrl.get(url.uri().toString());
    } catch (IllegalArgumentException e) {
      throw new HttpFailure(Trouble.ABSENT, "the URL is none that HTTP knows", Optional.empty());
    }
  }

  /** The secrets for a URL, when both ways of reading it see the same host. */
  private Map<String, String> secretsFor(SourceUrl url, HttpUrl parsed) {
    String host = Hosts.bare(url.uri().getHost());
    Optional<InetAddress> address = NoProxy.literal(host);
    boolean agreed =
        host.equals(parsed.host())
            || (address.isPresent() && address.equals(NoProxy.literal(parsed.host())));
    return agreed ? credentials().headersFor(url) : Map.of();
  }

  private synchronized Credentials credentials() {
    if (unusable != null) {
      throw unusable;
    }
    Credentials loaded = credentials;
    if (loaded == null) {
      try {
        loaded = Credentials.load(settings);
      } catch (BakeException e) {
        unusable = e;
        throw e;
      }
      credentials = loaded;
    }
    return loaded;
  }

  private Optional<ProxyServer> proxy(HttpUrl url) {
    return proxies.proxyFor(url.scheme(), url.host(), url.port());
  }

  private static boolean https(SourceUrl url) {
    return url.scheme().equals("https");
  }

  private static String origin(HttpUrl url) {
    return url.scheme() + "://" + url.host() + ":" + url.port();
  }
}
