package dev.modelbake.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Copies which keep their order. */
final class Values {
  private Values() {}

  static <K, V> Map<K, V> copy(Map<K, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
