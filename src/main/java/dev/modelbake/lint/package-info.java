/**
 * Manifests → what their authors will regret, though it can be baked.
 *
 * <p>Manifests come in as values; problems with a remedy go out.
 *
 * <p>This package must never look at the owner, at variables, at a disk or a network.
 */
@NullMarked
package dev.modelbake.lint;

import org.jspecify.annotations.NullMarked;
