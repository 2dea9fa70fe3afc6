/**
 * The command line.
 *
 * <p>Arguments and streams come in; text and an exit code go out.
 *
 * <p>This package must never decide anything that a caller of the library would miss.
 */
@NullMarked
package dev.modelbake.cli;

import org.jspecify.annotations.NullMarked;
