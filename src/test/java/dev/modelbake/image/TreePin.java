package dev.modelbake.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What a manifest says about the tree inside a zip file, worked out as its reference says. */
final class TreePin {
  private TreePin() {}

  static String of(Path archive) {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      Set<String> lines = new TreeSet<>();
      long size = 0;
      for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
        if (!entry.isDirectory()) {
          byte[] content = zip.getInputStream(entry).readAllBytes();
          lines.add(sha256(content) + "  " + entry.getName() + "\n");
          size += content.length;
        }
      }
      String tree = sha256(String.join("", lines).getBytes(StandardCharsets.UTF_8));
      return "{tree: %s, files: %d, size: %d}".formatted(tree, lines.size(), size);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
