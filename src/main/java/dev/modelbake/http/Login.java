package dev.modelbake.http;

import java.util.List;
import java.util.Optional;

/**
 * Proves to one server who asks, where it wants to know (RFC 9110, section 11). Safe for use by
 * several threads.
 */
public interface Login {
  /** A server that is told nothing. */
  Login NONE =
      new Login() {
        @Override
        public Optional<String> authorization() {
          return Optional.empty();
        }

        @Override
        public Optional<String> answer(Optional<String> refused, List<String> challenges) {
          return Optional.empty();
        }
      };

  /** The value of {@code Authorization} to begin with, when one is known already. */
  Optional<String> authorization();

  /**
   * Answers a 401.
   *
   * @param refused the value of {@code Authorization} that was sent
   * @param challenges the values of {@code WWW-Authenticate}
   * @return another value of {@code Authorization}; empty when there is none to try
   * @throws HttpFailure if the server that gives tokens cannot be asked
   */
  Optional<String> answer(Optional<String> refused, List<String> challenges) throws HttpFailure;
}
