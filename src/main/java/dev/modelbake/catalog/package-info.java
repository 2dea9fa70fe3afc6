/**
 * The manifests that come with the tool, by name.
 *
 * <p>A name, or names of files, come in; entries go out: the files of {@code manifests/}, one for
 * each library, packed as they are.
 *
 * <p>This package must never ask a network whether an entry is still right.
 */
@NullMarked
package dev.modelbake.catalog;

import org.jspecify.annotations.NullMarked;
