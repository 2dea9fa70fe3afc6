/**
 * The words of modelbake as values: manifest, plan, digests, failures, events, reports.
 *
 * <p>Every other package takes these in and gives these out.
 *
 * <p>This package must never do I/O and never depend on anything but the JDK.
 *
 * <p>All its public types are part of the API, as far as {@code ModelBake} leads to them: {@link
 * Printable}, {@link Reason} and the like serve the other packages.
 */
@NullMarked
package dev.modelbake.model;

import org.jspecify.annotations.NullMarked;
