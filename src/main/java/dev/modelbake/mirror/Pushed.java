package dev.modelbake.mirror;

import dev.modelbake.model.Digest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a push did.
 *
 * @param tags the digest that each tag points to, in order
 * @param uploaded blobs that were sent, documents among them
 */
public record Pushed(MirrorIndex index, Map<String, Digest> tags, int uploaded) {
  public Pushed {
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }
}
