/**
 * Mirrors for sites without a way out: making one from manifests, carrying it, checking it, and the
 * roads to and from a registry.
 *
 * <p>This package must never write an index before every blob that it lists is in its place.
 *
 * <p>Of it, {@link MirrorIndex} and the results inside {@link Collector} and {@link Pusher} are
 * part of the API.
 */
@NullMarked
package dev.modelbake.mirror;

import org.jspecify.annotations.NullMarked;
