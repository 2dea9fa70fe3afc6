package dev.modelbake.model;

/** How a stream is compressed. */
public enum Compression {
  NONE,
  BZ2,
  GZ,
  XZ,
  ZST
}
