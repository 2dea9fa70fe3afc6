/**
 * The front door of the library, and the only place that wires the parts.
 *
 * <p>Manifests and options come in; a report, a plan or findings go out.
 *
 * <p>This package must never hold static state, write to the console or end the process.
 *
 * <p>All its public types are part of the API.
 */
@NullMarked
package dev.modelbake.bake;

import org.jspecify.annotations.NullMarked;
