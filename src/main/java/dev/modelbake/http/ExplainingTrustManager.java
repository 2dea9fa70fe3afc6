package dev.modelbake.http;

import dev.modelbake.model.Printable;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.net.ssl.X509TrustManager;

/** Trusts what another one trusts, and says why not: which issuer it met, which dates. */
final class ExplainingTrustManager implements X509TrustManager {
  private static final int NAME = 120;

  private final X509TrustManager judge;
  private final String trusted;

  /**
   * A manager that explains.
   *
   * @param trusted the authorities, for people
   */
  ExplainingTrustManager(X509TrustManager judge, String trusted) {
    this.judge = judge;
    this.trusted = trusted;
  }

  /** A certificate that is not trusted; the message is for people. */
  static final class UntrustedException extends CertificateException {
    private static final long serialVersionUID = 1L;

    UntrustedException(String message, CertificateException cause) {
      super(message, cause);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    try {
      judge.checkServerTrusted(chain, authType);
    } catch (CertificateException e) {
      throw new UntrustedException(explain(chain, e), e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    judge.checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return judge.getAcceptedIssuers();
  }

  private String explain(X509Certificate[] chain, CertificateException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException
          || cause instanceof CertificateNotYetValidException) {
        return "a certificate is valid from %s to %s, the clock here says %s"
            .formatted(
                day(chain[0].getNotBefore().toInstant()),
                day(chain[0].getNotAfter().toInstant()),
                day(Instant.now()));
      }
    }
    String issuer = chain[chain.length - 1].getIssuerX500Principal().getName();
    return "its certificate was issued by \"%s\", which is not among the trusted authorities (%s);"
            .formatted(Printable.of(issuer, NAME), trusted)
        + " if that is your proxy or your own authority, give its certificate with --cacert";
  }

  private static String day(Instant moment) {
    return moment.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
