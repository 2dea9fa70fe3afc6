package dev.modelbake.model;

/**
 * A numeric user and group.
 *
 * @param uid 0 to 4294967294
 * @param gid 0 to 4294967294
 */
public record Owner(long uid, long gid) {
  private static final long MOST = 0xFFFF_FFFEL;

  public Owner {
    if (uid < 0 || uid > MOST || gid < 0 || gid > MOST) {
      throw new IllegalArgumentException("uid and gid are 0 to " + MOST);
    }
  }

  @Override
  public String toString() {
    return uid + ":" + gid;
  }
}
