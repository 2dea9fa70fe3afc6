package dev.modelbake.manifest;

import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.Text;
import dev.modelbake.oci.Repository;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads URLs, mirror templates and base URLs. No message quotes one: its query or user information
 * may be secret.
 */
final class Urls {
  private static final int HIGHEST_PORT = 65535;

  private final Problems problems;
  private final Templates templates;
  private final Optional<Path> directory;

  /** Where a URL stands, which decides what it may be. */
  private enum Place {
    /** One file. */
    FILE,
    /** A mirror of every file, to which a path is added. */
    BASE
  }

  /**
   * A reader of URLs.
   *
   * @param directory of the manifest, absolute; {@code file:} URLs stay below it
   */
  Urls(Problems problems, Optional<Path> directory) {
    this.problems = problems;
    this.templates = new Templates(problems);
    this.directory = directory;
  }

  /** The URL of one file; a {@code file:} URL comes back absolute. */
  Optional<Text> url(Text text) {
    if (hasVariable(text)) {
      return Optional.empty();
    }
    if (Templates.isTemplate(text.value())) {
      return wrong(
          text,
          "template",
          "a template serves only as a mirror",
          "move it to mirrors; a brace that is part of the URL is %7B or %7D");
    }
    return checked(text, text.value(), Place.FILE);
  }

  /** A URL of one file, or a template for it. */
  Optional<Text> fileMirror(Text text) {
    return mirror(text, Place.FILE);
  }

  /** A mirror for every file: a template, a base URL, or a registry's repository. */
  Optional<Text> mirror(Text text) {
    return mirror(text, Place.BASE);
  }

  private Optional<Text> mirror(Text text, Place place) {
    if (hasVariable(text)) {
      return Optional.empty();
    }
    if (!Templates.isTemplate(text.value())) {
      return checked(text, text.value(), place);
    }
    // What is filled in may be no host name, and must never choose where credentials go.
    if (Templates.isTemplate(authority(text.value()))) {
      return wrong(
          text, "template", "a placeholder stands in the host of the URL", "write the host out");
    }
    return templates.filled(text).flatMap(sample -> checked(text, sample, Place.FILE));
  }

  private boolean hasVariable(Text text) {
    if (text.value().contains("${")) {
      wrong(
          text,
          "variable-in-url",
          "a URL holds no variables: they are for directories",
          "write the URL out; for another host give --rewrite FROM=TO or --mirror");
      return true;
    }
    return false;
  }

  /**
   * Checks a URL.
   *
   * @param sample the text, its placeholders filled in
   */
  private Optional<Text> checked(Text text, String sample, Place place) {
    if (hasUserInformation(sample)) {
      return wrong(
          text,
          "url-credentials",
          "the URL holds a user or password",
          "remove it; credentials come from ~/.netrc, /run/secrets/netrc or --headers-file");
    }
    if (sample.regionMatches(true, 0, "file:", 0, 5)) {
      return fileUrl(text, sample, place);
    }
    URI uri;
    try {
      uri = SourceUrl.parse(sample).uri();
    } catch (IllegalArgumentException e) {
      return wrong(text, "url", String.valueOf(e.getMessage()), remedy(sample));
    }
    return parts(text, uri, place);
  }

  private Optional<Text> parts(Text text, URI uri, Place place) {
    if (uri.getRawFragment() != null) {
      return wrong(
          text, "url", "the part of the URL after # is never sent", "remove it; # itself is %23");
    }
    if (uri.getPort() == 0 || uri.getPort() > HIGHEST_PORT) {
      return wrong(text, "url", "the port of the URL is not 1 to 65535", "write the right port");
    }
    if (uri.getScheme().equalsIgnoreCase("oci") && !isRepository(uri)) {
      return wrong(
          text,
          "url",
          "an oci: URL is a registry's host and a repository in lower case",
          "write oci://HOST/REPOSITORY");
    }
    if (place == Place.BASE && uri.getRawQuery() != null) {
      return wrong(
          text,
          "url",
          "a base URL has no query, because a path is added to it",
          "write a template that ends in the query, with {hex} in it");
    }
    String scheme = uri.getScheme();
    String rest = text.value().substring(scheme.length());
    return Optional.of(new Text(scheme.toLowerCase(Locale.ROOT) + rest, text.at()));
  }

  private static boolean isRepository(URI uri) {
    try {
      Repository.parse(uri.toString());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String remedy(String url) {
    if (!url.contains(":")) {
      return "write the whole URL, such as https://HOST/PATH";
    }
    String authority = authority(url);
    if (authority.indexOf('_') >= 0 || authority.chars().anyMatch(c -> c > 0x7E)) {
      return "a host name has letters, digits, hyphens and dots; write an international one as xn--";
    }
    return "write https://HOST/PATH; a space in it is %20";
  }

  private static boolean hasUserInformation(String url) {
    return authority(url).indexOf('@') >= 0;
  }

  /** What stands between // and the path, also of a URL that cannot be parsed. */
  private static String authority(String url) {
    int start = url.indexOf("//");
    if (start < 0) {
      return "";
    }
    int end = start + 2;
    while (end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    return url.substring(start + 2, end);
  }

  private Optional<Text> fileUrl(Text text, String sample, Place place) {
    if (directory.isEmpty()) {
      return wrong(
          text,
          "file-url",
          "a manifest from standard input has no directory for file: URLs",
          "save the manifest to a file");
    }
    Optional<Path> path = pathOf(sample).map(directory.get()::resolve).map(Path::normalize);
    if (path.isEmpty()) {
      return wrong(
          text, "file-url", "the file: URL names no path", "write file:PATH; a space in it is %20");
    }
    boolean below = path.get().startsWith(directory.get()) && !path.get().equals(directory.get());
    boolean itself = path.get().equals(directory.get()) && place == Place.BASE;
    if (!below && !itself) {
      return wrong(
          text,
          "file-url",
          "a file: URL in a manifest stays below the manifest's own directory",
          "put the file beside the manifest, or give its directory with --mirror");
    }
    if (leaves(path.get())) {
      return wrong(
          text,
          "file-url",
          "the file: URL leads out of the manifest's own directory through a symbolic link",
          "put the file itself beside the manifest, or give its directory with --mirror");
    }
    return Optional.of(new Text(absolute(text.value()), text.at()));
  }

  /** Whether links lead out of the manifest's directory, as far as the path exists. */
  private boolean leaves(Path path) {
    Path existing = path;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      Path base = directory.orElseThrow();
      return existing != null
          && existing.startsWith(base)
          && !existing.toRealPath().startsWith(base.toRealPath());
    } catch (IOException e) {
      return true; // what cannot be looked at is not known to stay
    }
  }

  /** The decoded path of a {@code file:} URL, relative or absolute. */
  private static Optional<Path> pathOf(String url) {
    try {
      URI uri = new URI(url);
      String path = uri.isOpaque() ? uri.getSchemeSpecificPart() : uri.getPath();
      boolean plain =
          uri.getRawAuthority() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && path != null
              && path.indexOf('?') < 0
              && Characters.firstHidden(path).isEmpty();
      return plain ? Optional.of(Path.of(path)) : Optional.empty();
    } catch (URISyntaxException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Puts the directory in front of a relative {@code file:} URL, all else as written. */
  private String absolute(String url) {
    String path = url.substring("file:".length());
    if (path.startsWith("/")) {
      return "file:" + path;
    }
    String base = directory.orElseThrow().toString();
    return fileUri(base.endsWith("/") ? base : base + "/") + path;
  }

  private static String fileUri(String path) {
    try {
      return new URI("file", "", path, null).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("an absolute path makes a URL", e);
    }
  }

  private Optional<Text> wrong(Text text, String rule, String what, String remedy) {
    problems.error(text.at(), rule, what, remedy);
    return Optional.empty();
  }
}
