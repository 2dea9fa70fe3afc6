/**
 * The Hugging Face hub's API: which files a repository has at a revision, and what is known of them
 * beforehand.
 *
 * <p>A {@link dev.modelbake.model.HubRepository} comes in, a {@link dev.modelbake.hub.Snapshot} of
 * one commit goes out.
 *
 * <p>This package must never believe a path, a digest or a length that it has not checked, and
 * downloads no model.
 */
@NullMarked
package dev.modelbake.hub;

import org.jspecify.annotations.NullMarked;
