/**
 * A command and the network: refused, with a report of what reached for it, or watched, with a
 * manifest of what it downloaded.
 *
 * <p>A command comes in; what it was seen to do goes out, with the layers that looked and what that
 * proves. Nothing here ever says that a command is clean because nobody looked.
 *
 * <p>Of it, {@link Attempt}, {@link GuardOptions}, {@link GuardReport}, {@link Layer}, {@link
 * RecordOptions}, {@link Recording} and {@link Signals} are part of the API.
 */
@NullMarked
package dev.modelbake.guard;

import org.jspecify.annotations.NullMarked;
