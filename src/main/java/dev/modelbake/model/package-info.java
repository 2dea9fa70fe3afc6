/**
 * The words of modelbake as values: manifest, plan, digests, failures, events, reports.
 *
 * <p>Every other package takes these in and gives these out.
 *
 * <p>This package must never do I/O and never depend on anything but the JDK.
 *
 * <p>The types that {@code ModelBake} leads to are part of the API; others, such as {@link
 * Printable} and {@link Reason}, serve the packages of this program.
 */
@NullMarked
package dev.modelbake.model;

import org.jspecify.annotations.NullMarked;
