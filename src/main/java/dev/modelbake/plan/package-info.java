/**
 * Manifest, options and surroundings → plan.
 *
 * <p>Values come in, read beforehand; one {@link dev.modelbake.model.Plan} goes out.
 *
 * <p>This package must never do I/O: the same values give the same plan.
 */
@NullMarked
package dev.modelbake.plan;

import org.jspecify.annotations.NullMarked;
