package dev.modelbake.model;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why the system did not do what it was asked to do with a file, for people. */
public final class Reason {
  private static final int LONGEST = 200;

  private Reason() {}

  /** The system's own words, or what the type of the exception means when it has none. */
  public static String of(IOException error) {
    if (error instanceof NoSuchFileException) {
      return "there is no such file or directory";
    }
    if (error instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (error instanceof NotDirectoryException) {
      return "it is not a directory";
    }
    if (error instanceof DirectoryNotEmptyException) {
      return "the directory is not empty";
    }
    if (error instanceof FileAlreadyExistsException) {
      return "it exists";
    }
    if (error instanceof FileSystemLoopException) {
      return "its links lead in a circle";
    }
    if (error instanceof ClosedChannelException) {
      return "it was closed meanwhile";
    }
    String words = error instanceof FileSystemException at ? at.getReason() : error.getMessage();
    return words == null ? "the system says no more" : Printable.of(words, LONGEST);
  }
}
