package dev.modelbake.unpack;

import dev.modelbake.model.ArchiveDamagedException;
import dev.modelbake.model.ArchiveRefusedException;
import dev.modelbake.model.Printable;
import java.io.EOFException;
import java.io.IOException;

/** Words for what is wrong with one archive. */
record Refusal(String file) {
  private static final int LONGEST_NAME = 120;

  ArchiveRefusedException member(String name, String why) {
    return new ArchiveRefusedException(
        file,
        "entry \"" + Printable.of(name, LONGEST_NAME) + "\" " + why,
        "do not use this archive; ask its publisher");
  }

  ArchiveRefusedException bound(String what, String key) {
    return new ArchiveRefusedException(file, what, "if that is right, raise `" + key + "`");
  }

  ArchiveRefusedException whole(String why) {
    return new ArchiveRefusedException(file, why, "ask the publisher for a plain archive");
  }

  ArchiveDamagedException damaged(String why) {
    return new ArchiveDamagedException(file, why, null);
  }

  ArchiveDamagedException damaged(String why, Throwable cause) {
    return new ArchiveDamagedException(file, why, cause);
  }

  /** A failure of a decoder, whose own words may hold bytes of the archive. */
  ArchiveDamagedException decoder(IOException cause) {
    String words = cause.getMessage();
    if (words == null) {
      words =
          cause instanceof EOFException ? "the stream ends too early" : "the decoder says no more";
    }
    return damaged("it cannot be decoded: " + Printable.of(words, LONGEST_NAME), cause);
  }
}
