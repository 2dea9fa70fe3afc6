/**
 * Puts proven files at their final places: staging, owner, mode, times, atomic rename, undo.
 *
 * <p>A plan and blobs come in; files at their places and a {@link dev.modelbake.model.Receipt} go
 * out.
 *
 * <p>This package must never let a final path hold anything but what stood there before or the
 * complete pinned bytes, and never follow a link that another user could have planted.
 */
@NullMarked
package dev.modelbake.publish;

import org.jspecify.annotations.NullMarked;
