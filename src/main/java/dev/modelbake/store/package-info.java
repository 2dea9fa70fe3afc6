/**
 * Blobs and partials on disk.
 *
 * <p>Unverified bytes come in as a {@link dev.modelbake.store.Partial}, proven ones go out as a
 * {@link dev.modelbake.store.Blob}.
 *
 * <p>This package must never make a Blob of bytes that were not hashed on their way here.
 */
@NullMarked
package dev.modelbake.store;

import org.jspecify.annotations.NullMarked;
