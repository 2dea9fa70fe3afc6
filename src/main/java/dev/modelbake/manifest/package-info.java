/**
 * Reading what a person wrote: text becomes a manifest, or a list of everything wrong with it.
 *
 * <p>Paths of YAML or JSON files come in; {@link dev.modelbake.model.Manifest} values and {@link
 * dev.modelbake.model.Problem}s with line, column and remedy go out.
 *
 * <p>This package must never resolve a variable, look at a target or open a socket: a manifest is
 * read the same way on every machine.
 *
 * <p>Of it, {@link ManifestFile}, {@link NewModel} and {@link Setting} are part of the API.
 */
@NullMarked
package dev.modelbake.manifest;

import org.jspecify.annotations.NullMarked;
