package dev.modelbake.model;

import java.util.Optional;

/**
 * A further place for the bytes of a file.
 *
 * @param dir in place of the model's directory
 * @param path below the directory, normalised
 */
public record Place(Location at, Optional<Text> dir, String path) {}
