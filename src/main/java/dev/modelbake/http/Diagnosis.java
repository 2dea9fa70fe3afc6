package dev.modelbake.http;

import dev.modelbake.http.ExplainingTrustManager.UntrustedException;
import java.io.EOFException;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.HttpUrl;

/**
 * Tells what an exception out of the client means. Its texts are ours: one of the client's may
 * quote what the server sent, and so what we sent to the server.
 */
record Diagnosis(HttpUrl url, Optional<Proxies.ProxyServer> proxy, Stage stage) {
  private static final Pattern CONNECT_STATUS = Pattern.compile("code for CONNECT: (\\d{3})");

  /** What was there when a line of an answer's head did not end, in the words of the buffer. */
  private static final Pattern UNENDED = Pattern.compile("limit=([0-9]+) content=([0-9a-f]*)");

  /** What the client reads of a head, in bytes. */
  private static final long LONGEST_HEAD = 256 << 10;

  HttpFailure of(Exception e) {
    if (!(e instanceof IOException failure)) {
      // A header that OkHttp does not expect ends in an unchecked exception.
      return new HttpFailure(Trouble.BROKEN_PROTOCOL, "the answer is not valid HTTP", e);
    }
    if (failure instanceof UnknownHostException unknown) {
      return name(unknown);
    }
    if (failure instanceof SSLException broken && !isCut(failure)) {
      return tls(broken);
    }
    return stage.connected() ? afterConnect(failure) : beforeConnect(failure);
  }

  private HttpFailure name(UnknownHostException e) {
    if (e instanceof Names.RefusedAddressException) {
      return new HttpFailure(Trouble.REFUSED, String.valueOf(e.getMessage()), e);
    }
    boolean unknown = e instanceof Names.NoSuchNameException;
    if (proxy.isPresent()) {
      return new HttpFailure(
          Trouble.PROXY, "the name of the proxy %s does not resolve".formatted(proxy.get()), e);
    }
    return unknown
        ? new HttpFailure(
            Trouble.NAME_UNKNOWN, "there is no host named %s".formatted(url.host()), e)
        : new HttpFailure(
            Trouble.NAME_UNRESOLVED,
            "the name %s could not be resolved (no network, or no DNS: see /etc/resolv.conf)"
                .formatted(url.host()),
            e);
  }

  private HttpFailure tls(SSLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UntrustedException) {
        return new HttpFailure(Trouble.TLS, "TLS: " + cause.getMessage(), e);
      }
    }
    if (e instanceof SSLPeerUnverifiedException) {
      return new HttpFailure(
          Trouble.TLS, "TLS: the certificate is not for the host name %s".formatted(url.host()), e);
    }
    return new HttpFailure(
        Trouble.TLS,
        "TLS: no secure connection (the server speaks no TLS here, or only old versions of it)",
        e);
  }

  private HttpFailure beforeConnect(IOException e) {
    String text = String.valueOf(e.getMessage());
    Matcher connect = CONNECT_STATUS.matcher(text);
    if (text.startsWith("Failed to authenticate with proxy")) {
      return login();
    }
    if (connect.find()) {
      return new HttpFailure(
          Trouble.PROXY,
          "the proxy %s answered HTTP %s instead of connecting".formatted(name(), connect.group(1)),
          e);
    }
    String why = reason(e);
    return proxy.isPresent()
        ? new HttpFailure(Trouble.PROXY, "the proxy %s: %s".formatted(name(), why), e)
        : new HttpFailure(
            Trouble.NO_CONNECTION,
            "no connection to %s:%d: %s".formatted(url.host(), url.port(), why),
            e);
  }

  /** The failure that a status 407 stands for. */
  HttpFailure login() {
    return new HttpFailure(
        Trouble.PROXY_LOGIN,
        "the proxy %s wants a login (HTTP 407): put it into the proxy's URL".formatted(name()),
        Optional.empty());
  }

  private static HttpFailure afterConnect(IOException e) {
    if (e instanceof SocketTimeoutException) {
      return new HttpFailure(Trouble.TOO_SLOW, "the server fell silent", e);
    }
    boolean ended = String.valueOf(e.getMessage()).startsWith("unexpected end of stream");
    if ((e instanceof ProtocolException && !ended) || (ended && isNoHead(e))) {
      return new HttpFailure(Trouble.BROKEN_PROTOCOL, "the answer is not valid HTTP", e);
    }
    return new HttpFailure(Trouble.CUT, "the connection broke off", e);
  }

  /**
   * Whether an answer that ended within its head was none: its line is longer than any head, or
   * begins with what begins no line of one. Otherwise the connection may have been cut.
   */
  private static boolean isNoHead(IOException e) {
    Matcher line =
        UNENDED.matcher(e.getCause() instanceof EOFException end ? "" + end.getMessage() : "");
    if (!line.find()) {
      return false;
    }
    String begins = line.group(2).substring(0, Math.min(2, line.group(2).length()));
    boolean starts = begins.isEmpty() || isTokenCharacter((char) Integer.parseInt(begins, 16));
    return !starts || Long.parseLong(line.group(1)) >= LONGEST_HEAD;
  }

  /** Of which the names of headers are made, and the name of the protocol (RFC 9110, 5.6.2). */
  private static boolean isTokenCharacter(char c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || "!#$%&'*+-.^_`|~\r".indexOf(c) >= 0;
  }

  private String name() {
    return proxy.map(Proxies.ProxyServer::toString).orElse("(none configured)");
  }

  /** A handshake that the other side broke off says nothing about trust. */
  private static boolean isCut(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      boolean reset = cause instanceof java.net.SocketException || cause instanceof EOFException;
      if (reset || cause instanceof SocketTimeoutException) {
        return true;
      }
    }
    return false;
  }

  private static String reason(IOException e) {
    if (e instanceof SocketTimeoutException) {
      return "time-out";
    }
    if (e instanceof NoRouteToHostException) {
      return "no route";
    }
    StringBuilder all = new StringBuilder();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      all.append(cause.getMessage()).append('\n');
    }
    String texts = all.toString().toLowerCase(Locale.ROOT);
    if (texts.contains("unreachable")) {
      return "network unreachable";
    }
    return texts.contains("refused") ? "connection refused" : "the connection broke off";
  }
}
