package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Secrets that must turn up nowhere, in none of the forms in which they travel: as they are,
 * percent-encoded, and in base64 wherever in a longer text they stand.
 */
record Canaries(List<String> secrets) {
  Canaries {
    secrets = List.copyOf(secrets);
  }

  static Canaries of(String... secrets) {
    return new Canaries(List.of(secrets));
  }

  /** A secret with characters that URLs encode around a core that they leave as it is. */
  static String token(String name) {
    return "c/" + core(name) + "+=";
  }

  private static String core(String name) {
    return name + "7f3a9c51b2e8";
  }

  private Set<String> forms() {
    Set<String> forms = new LinkedHashSet<>();
    for (String secret : secrets) {
      forms.add(secret.replaceAll("^c/|[+]=$", ""));
      for (String before : List.of("", "x", "xx")) {
        String base64 =
            Base64.getEncoder()
                .encodeToString((before + secret).getBytes(StandardCharsets.ISO_8859_1));
        // Without the characters that depend on what stands beside it.
        forms.add(base64.substring(before.isEmpty() ? 0 : 4, base64.length() - 4));
      }
    }
    return forms;
  }

  /** Where a text has one of them, with what stands around it. */
  List<String> in(String where, String text) {
    List<String> found = new ArrayList<>();
    for (String form : forms()) {
      int at = text.indexOf(form);
      if (at >= 0) {
        int from = Math.max(0, at - 100);
        int to = Math.min(text.length(), at + form.length() + 40);
        found.add(where + ": …" + text.substring(from, to));
      }
    }
    return found;
  }

  /** Where the names and files below a directory have one, but for some directories in it. */
  List<String> below(Path top, List<Path> but) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(top)) {
      for (Path path : paths.filter(path -> but.stream().noneMatch(path::startsWith)).toList()) {
        found.addAll(in("a name", path.toString()));
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          String text = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
          found.addAll(in(path.toString(), text));
        }
      }
    }
    return found;
  }

  /** Fails when any of these finds anything. */
  @SafeVarargs
  static void assertNone(String what, List<String>... found) {
    List<String> all = new ArrayList<>();
    for (List<String> one : found) {
      all.addAll(one);
    }
    assertEquals(List.of(), all, what);
  }
}
