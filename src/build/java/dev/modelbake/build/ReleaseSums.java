package dev.modelbake.build;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code target/SHA256SUMS}: one line for each file of a release, for {@code sha256sum -c}. */
public final class ReleaseSums {
  private ReleaseSums() {}

  /** Arguments: the directory of the files, and the version that is in their names. */
  public static void main(String[] args) throws IOException {
    write(Path.of(args[0]), args[1]);
  }

  static void write(Path directory, String version) throws IOException {
    SortedMap<String, String> sums = new TreeMap<>();
    String files = "modelbake-" + version + "{,-*}.{jar,pom,tar.gz}";
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, files)) {
      for (Path file : found) {
        sums.put(file.getFileName().toString(), sha256(file));
      }
    }
    StringBuilder lines = new StringBuilder();
    sums.forEach((name, sum) -> lines.append(sum).append("  ").append(name).append('\n'));
    Files.writeString(directory.resolve("SHA256SUMS"), lines);
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
