/**
 * Compares the disk with what should be there.
 *
 * <p>A plan or a receipt comes in; states on disk, space needed and findings go out.
 *
 * <p>This package must never write, never open a socket, and never call a file right whose bytes it
 * has not proven.
 *
 * <p>Of it, {@link VerifyOptions} is part of the API.
 */
@NullMarked
package dev.modelbake.verify;

import org.jspecify.annotations.NullMarked;
