package dev.modelbake.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Who somebody is to a registry.
 *
 * @param user {@code <token>} when the secret is a token to be exchanged
 * @param secret never printed
 */
public record Account(String user, String secret) {
  private static final String TOKEN_USER = "<token>";

  static Account ofRefreshToken(String token) {
    return new Account(TOKEN_USER, token);
  }

  boolean isRefreshToken() {
    return user.equals(TOKEN_USER);
  }

  /** RFC 7617. */
  String basic() {
    byte[] both = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  @Override
  public String toString() {
    return "account";
  }
}
