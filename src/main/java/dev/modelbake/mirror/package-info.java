/**
 * Mirrors for sites without a way out: making one from manifests, carrying it, checking it, and the
 * roads to and from a registry.
 *
 * <p>This package must never write an index before every blob that it lists is in its place.
 *
 * <p>Of it, {@link MirrorIndex}, {@link Collected} and {@link Pushed} are part of the API, and the
 * choice inside {@link Collector}.
 */
@NullMarked
package dev.modelbake.mirror;

import org.jspecify.annotations.NullMarked;
