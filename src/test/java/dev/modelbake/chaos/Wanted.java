package dev.modelbake.chaos;

import java.nio.file.Path;

/** What must stand at a place in the end. */
@SuppressWarnings("ArrayRecordComponent") // compared by their content, with Arrays
record Wanted(Path path, byte[] bytes, int mode) {}
