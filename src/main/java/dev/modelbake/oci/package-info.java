/**
 * The documents of the Open Container Initiative as values with their JSON: image layout, manifest,
 * index, and the CNCF ModelPack artifact, with files as raw layers.
 *
 * <p>Values come in and documents with their digests go out, or bytes come in and values go out.
 *
 * <p>This package must never touch network or disk.
 */
@NullMarked
package dev.modelbake.oci;

import org.jspecify.annotations.NullMarked;
