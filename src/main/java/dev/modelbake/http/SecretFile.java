package dev.modelbake.http;

import dev.modelbake.model.CredentialException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Reads small files with secrets; no message quotes them. */
public final class SecretFile {
  private static final int MOST = 1 << 20;

  private SecretFile() {}

  /**
   * The text of a file at a usual place, without byte order mark; empty when there is no such file,
   * or when this user may not search the directory in which it might be: another user's home.
   *
   * @throws CredentialException if it exists and cannot be read
   */
  public static Optional<String> read(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? open(file) : Optional.empty();
  }

  /**
   * The text of a file that somebody named; empty when there is no such file.
   *
   * @throws CredentialException if nobody can tell whether there is, or it cannot be read
   */
  public static Optional<String> readNamed(Path file) {
    try {
      Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return open(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new CredentialException(
          file.toString(),
          "this user may not search the directories that lead to it",
          "put it where the user who runs this step may read it, or name another",
          e);
    }
  }

  private static Optional<String> open(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new CredentialException(
          file.toString(), "it is not a regular file", "give a file", null);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST + 1);
      if (bytes.length > MOST) {
        throw new CredentialException(
            file.toString(), "it is larger than 1 MiB", "give the right file", null);
      }
      String text = new String(bytes, StandardCharsets.UTF_8);
      return Optional.of(text.startsWith("\ufeff") ? text.substring(1) : text);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new CredentialException(
          file.toString(),
          "it exists but this user may not read it",
          "make it readable for the user who runs this step; in a Dockerfile with"
              + " --mount=type=secret,id=…,uid=<that user's number>",
          e);
    }
  }
}
