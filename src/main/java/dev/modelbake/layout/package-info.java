/**
 * Where other programs look for files on disk, as names.
 *
 * <p>Repositories, commits and paths come in; paths go out.
 *
 * <p>This package must never do I/O: what stands at a path is for others to look at.
 */
@NullMarked
package dev.modelbake.layout;

import org.jspecify.annotations.NullMarked;
