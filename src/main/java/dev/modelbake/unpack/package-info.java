/**
 * Proven downloads → proven files.
 *
 * <p>A {@link dev.modelbake.store.Blob} comes in; blobs with relative paths go out.
 *
 * <p>This package must never take a name, mode, time or owner from an archive to the disk: names of
 * an archive are only compared and reported.
 */
@NullMarked
package dev.modelbake.unpack;

import org.jspecify.annotations.NullMarked;
