package dev.modelbake.http;

import java.util.Optional;

/** How the client calls itself. */
final class UserAgent {
  static final String VALUE =
      "modelbake/"
          + Optional.ofNullable(UserAgent.class.getPackage().getImplementationVersion())
              .orElse("dev");

  private UserAgent() {}
}
