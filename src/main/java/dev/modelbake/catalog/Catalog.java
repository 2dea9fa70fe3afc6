package dev.modelbake.catalog;

import dev.modelbake.manifest.ShippedModels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The shipped manifests. */
public final class Catalog implements ShippedModels {
  private static final String FOLDER = "/manifests/";
  private static final Pattern NAMES = Pattern.compile("(?m)^  - name: (\\S+)$");

  /** The libraries, each with a manifest of its own, in alphabetical order. */
  public List<String> libraries() {
    return read("index").map(Catalog::text).orElse("").lines().toList();
  }

  @Override
  public Optional<byte[]> library(String library) {
    return libraries().contains(library) ? read(library + ".yaml") : Optional.empty();
  }

  @Override
  public List<String> names() {
    return libraries().stream()
        .flatMap(library -> NAMES.matcher(text(library(library).orElseThrow())).results())
        .map((MatchResult name) -> name.group(1))
        .toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Optional<byte[]> read(String name) {
    try (InputStream in = Catalog.class.getResourceAsStream(FOLDER + name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
