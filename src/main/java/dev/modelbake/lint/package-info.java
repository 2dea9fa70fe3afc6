/**
 * Manifests → what their authors will regret, though it can be baked.
 *
 * <p>Values come in, problems go out: neither the owner, variables, disk nor network are looked at.
 */
@NullMarked
package dev.modelbake.lint;

import org.jspecify.annotations.NullMarked;
