package dev.modelbake.http;

import dev.modelbake.model.CredentialException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Logins by machine, from a {@code .netrc}. The {@code default} entry is left out on purpose: it
 * would send a password to any host.
 */
final class Netrc {
  private final Map<String, String> basic = new HashMap<>();

  private Netrc() {}

  /**
   * Reads a file's text; the first entry of a machine counts.
   *
   * @param source its name, for messages
   */
  static Netrc parse(String text, String source) {
    Netrc netrc = new Netrc();
    List<String> tokens = tokens(text, source);
    @Nullable String machine = null;
    String login = "";
    @Nullable String password = null;
    for (int i = 0; i < tokens.size(); i++) {
      String next = i + 1 < tokens.size() ? tokens.get(i + 1) : "";
      switch (tokens.get(i)) {
        case "machine", "default" -> {
          netrc.add(machine, login, password);
          boolean named = tokens.get(i).equals("machine");
          machine = named ? next : null;
          login = "";
          password = null;
          i += named ? 1 : 0;
        }
        case "login" -> {
          login = next;
          i++;
        }
        case "password" -> {
          password = next;
          i++;
        }
        case "account" -> i++;
        default ->
            throw new CredentialException(
                source,
                "word %d is not a keyword of this format".formatted(i + 1),
                "write: machine HOST login NAME password WORD",
                null);
      }
    }
    netrc.add(machine, login, password);
    return netrc;
  }

  /** The value of {@code Authorization} for a host. */
  Optional<String> authorization(String host) {
    return Optional.ofNullable(basic.get(host.toLowerCase(Locale.ROOT)));
  }

  private void add(@Nullable String machine, String login, @Nullable String password) {
    if (machine != null && password != null) {
      byte[] pair = (login + ":" + password).getBytes(StandardCharsets.UTF_8);
      basic.putIfAbsent(
          machine.toLowerCase(Locale.ROOT), "Basic " + Base64.getEncoder().encodeToString(pair));
    }
  }

  /** Words, quoted words, no comments, no macros. */
  private static List<String> tokens(String text, String source) {
    List<String> tokens = new ArrayList<>();
    boolean macro = false;
    for (String line : text.split("\r?\n", -1)) {
      macro = macro && !line.isBlank();
      if (!macro && !line.stripLeading().startsWith("#")) {
        macro = tokens(line, source, tokens);
      }
    }
    return tokens;
  }

  /** Adds a line's words; says whether it begins a macro, which ends with a blank line. */
  private static boolean tokens(String line, String source, List<String> tokens) {
    int i = 0;
    while (i < line.length()) {
      if (Character.isWhitespace(line.charAt(i))) {
        i++;
        continue;
      }
      StringBuilder word = new StringBuilder();
      boolean quoted = line.charAt(i) == '"';
      i += quoted ? 1 : 0;
      for (; i < line.length(); i++) {
        char c = line.charAt(i);
        if (quoted ? c == '"' : Character.isWhitespace(c)) {
          break;
        }
        if (c == '\\' && i + 1 < line.length()) {
          i++;
        }
        word.append(line.charAt(i));
      }
      if (quoted && i == line.length()) {
        throw new CredentialException(source, "a quote is not closed", "close it", null);
      }
      i += quoted ? 1 : 0;
      if (!quoted && word.toString().equals("macdef")) {
        return true;
      }
      tokens.add(word.toString());
    }
    return false;
  }
}
