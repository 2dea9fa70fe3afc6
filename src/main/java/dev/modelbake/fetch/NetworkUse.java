package dev.modelbake.fetch;

/** Whether the network may be used. */
public enum NetworkUse {
  ONLINE,
  /** No socket is opened. */
  OFFLINE
}
