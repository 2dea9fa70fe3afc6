package dev.modelbake.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.modelbake.model.Compression;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.junit.jupiter.api.Test;

class BlobBytesTest {
  /** Begins like a bzip2 stream; then the medium gives up. */
  private static InputStream failing() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("Input/output error");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("Input/output error");
          }
        };
    byte[] head = {'B', 'Z', 'h', '9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59};
    return new SequenceInputStream(new ByteArrayInputStream(head), broken);
  }

  @Test
  void aReadThatFailsIsTheDisksFaultAndNoDamageOfTheArchive() {
    DiskException e =
        assertThrows(
            DiskException.class,
            () -> {
              BlobBytes raw = new BlobBytes(failing(), "/stage/blob");
              new Decoder(new Refusal("m/a")).open(raw, Compression.BZ2).readAllBytes();
            });
    assertEquals(FailureKind.IO, e.kind());
  }
}
