/**
 * JSON as immutable values, with one reader and one writer.
 *
 * <p>Bounded bytes come in and values go out, or values come in and text goes out.
 *
 * <p>This package must never do I/O of its own, know what a document means, or show Jackson to
 * others.
 */
@NullMarked
package dev.modelbake.json;

import org.jspecify.annotations.NullMarked;
