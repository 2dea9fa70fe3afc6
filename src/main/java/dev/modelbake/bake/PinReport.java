package dev.modelbake.bake;

import dev.modelbake.pin.Pin;
import java.util.List;

/**
 * What pinning found.
 *
 * @param text the manifest with all pins
 * @param pins new ones, in the order of the manifest; empty when nothing was missing
 * @param references models of the shipped catalog with unpinned files, which the manifest names but
 *     does not hold
 */
public record PinReport(String text, List<Pin> pins, List<String> references) {
  public PinReport {
    pins = List.copyOf(pins);
    references = List.copyOf(references);
  }
}
