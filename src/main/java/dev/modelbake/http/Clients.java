package dev.modelbake.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The OkHttp clients, made when first needed: reading certificate authorities takes time that plain
 * http need not spend.
 */
final class Clients {
  /** Where {@code Retry-After} is kept from OkHttp, which repeats on 0 and breaks on 20 digits. */
  static final String RETRY_AFTER = "X-Modelbake-Retry-After";

  /** As many as a user may ask for, so that none is closed while there is work for it. */
  private static final int IDLE_CONNECTIONS = 64;

  private final HttpSettings settings;
  private final Proxies proxies;
  private final Names names;
  private final Trust trust;
  private @Nullable OkHttpClient plain;
  private @Nullable OkHttpClient secure;
  private @Nullable OkHttpClient own;

  Clients(HttpSettings settings, Proxies proxies, Names names, Trust trust) {
    this.settings = settings;
    this.proxies = proxies;
    this.names = names;
    this.trust = trust;
  }

  /** The client for a scheme. */
  OkHttpClient client(Get.Connection connection, boolean https) {
    return switch (connection) {
      case POOLED -> https ? secure() : plain();
      case OWN -> https ? own() : plain();
      case FRESH ->
          // A pool that keeps nothing and a protocol that shares nothing: surely a new connection.
          (https ? own() : plain())
              .newBuilder()
              .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
              .build();
    };
  }

  /** Closes idle connections. */
  synchronized void close() {
    if (plain != null) {
      plain.dispatcher().executorService().shutdown();
      plain.connectionPool().evictAll();
    }
  }

  private synchronized OkHttpClient plain() {
    if (plain == null) {
      Limits limits = settings.limits();
      plain =
          new OkHttpClient.Builder()
              .dns(names)
              .socketFactory(new ChannelSocket.Factory())
              .proxySelector(new Selector(proxies))
              .proxyAuthenticator((route, response) -> authenticate(proxies, response))
              .followRedirects(false)
              .followSslRedirects(false)
              .retryOnConnectionFailure(true)
              .fastFallback(true)
              .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 1, TimeUnit.MINUTES))
              .connectTimeout(limits.connect())
              .readTimeout(longer(limits.headers(), limits.floor().window()))
              .writeTimeout(limits.headers())
              .callTimeout(Duration.ZERO)
              .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
              .addNetworkInterceptor(chain -> hideRetryAfter(chain.proceed(chain.request())))
              .build();
    }
    return plain;
  }

  private synchronized OkHttpClient secure() {
    if (secure == null) {
      X509TrustManager manager = trust.manager();
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {manager}, null);
        secure =
            plain()
                .newBuilder()
                .connectionSpecs(List.of(ConnectionSpec.MODERN_TLS))
                .sslSocketFactory(context.getSocketFactory(), manager)
                .build();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java runtime has TLS", e);
      }
    }
    return secure;
  }

  private synchronized OkHttpClient own() {
    if (own == null) {
      own = secure().newBuilder().protocols(List.of(Protocol.HTTP_1_1)).build();
    }
    return own;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static Response hideRetryAfter(Response response) {
    String value = response.header("Retry-After");
    Response.Builder hidden = response.newBuilder().removeHeader("Retry-After");
    return value == null ? response : hidden.header(RETRY_AFTER, value).build();
  }

  /** Answers a proxy's challenge once; a second one for the same request is a refusal. */
  private static @Nullable Request authenticate(Proxies proxies, Response response) {
    Request request = response.request();
    Optional<String> value =
        proxies
            .proxyFor(
                request.url().scheme(), Hosts.bare(request.url().host()), request.url().port())
            .flatMap(Proxies.ProxyServer::authorization);
    boolean tried = request.header("Proxy-Authorization") != null;
    return tried || value.isEmpty()
        ? null
        : request.newBuilder().header("Proxy-Authorization", value.get()).build();
  }

  private static final class Selector extends ProxySelector {
    private final Proxies proxies;

    Selector(Proxies proxies) {
      this.proxies = proxies;
    }

    @Override
    public List<Proxy> select(URI uri) {
      boolean https = uri.getScheme().equals("https");
      int port = uri.getPort() >= 0 ? uri.getPort() : https ? 443 : 80;
      return proxies
          .proxyFor(uri.getScheme(), Hosts.bare(uri.getHost()), port)
          .map(server -> List.of(proxy(server)))
          .orElse(List.of(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      // The failure reaches the caller anyway.
    }

    private static Proxy proxy(Proxies.ProxyServer server) {
      Proxy.Type type = server.kind() == Proxies.Kind.SOCKS ? Proxy.Type.SOCKS : Proxy.Type.HTTP;
      return new Proxy(type, InetSocketAddress.createUnresolved(server.host(), server.port()));
    }
  }
}
