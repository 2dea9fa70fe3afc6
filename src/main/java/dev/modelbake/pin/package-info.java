/**
 * Manifests and what sources give → pins, which an edit writes into the manifest's text.
 *
 * <p>Nothing here is proven by an earlier pin: the first sight of bytes becomes one, so that every
 * later bake gets the same. Published digests and second sources must agree with it.
 *
 * <p>Of it, {@link Pin}, {@link PinOptions} and {@link Change} are part of the API.
 */
@NullMarked
package dev.modelbake.pin;

import org.jspecify.annotations.NullMarked;
