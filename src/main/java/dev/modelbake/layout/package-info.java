/** Models and their files as names on disk; no I/O. */
@NullMarked
package dev.modelbake.layout;

import org.jspecify.annotations.NullMarked;
