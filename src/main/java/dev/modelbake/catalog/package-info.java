/**
 * The manifests that come with the tool, by name.
 *
 * <p>They are the files of {@code manifests/}, one for each library, packed as they are.
 */
@NullMarked
package dev.modelbake.catalog;

import org.jspecify.annotations.NullMarked;
