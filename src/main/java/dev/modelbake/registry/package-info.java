/**
 * A client of the OCI Distribution Specification 1.1: blobs, manifests, and who may have them.
 *
 * <p>This package must never believe a digest that a registry tells.
 */
@NullMarked
package dev.modelbake.registry;

import org.jspecify.annotations.NullMarked;
