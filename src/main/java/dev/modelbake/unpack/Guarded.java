package dev.modelbake.unpack;

import dev.modelbake.model.BakeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A decoder's output; whatever the decoder complains of is the archive's damage. */
class Guarded extends FilterInputStream {
  private final Refusal refusal;

  Guarded(InputStream in, Refusal refusal) {
    super(in);
    this.refusal = refusal;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return in.read(bytes, offset, length);
    } catch (BakeException e) {
      throw e;
    } catch (IOException e) {
      throw refusal.decoder(e);
    } catch (RuntimeException e) {
      throw refusal.damaged("its decoder failed", e);
    }
  }

  /** The one who opened what is decoded closes it. */
  @Override
  public void close() throws IOException {
    try {
      in.close();
    } catch (RuntimeException e) {
      throw refusal.damaged("its decoder failed", e);
    }
  }
}
