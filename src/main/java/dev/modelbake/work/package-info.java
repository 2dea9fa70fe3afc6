/**
 * Does many things at once on a bounded number of threads. Tasks come in; their results, or all
 * their failures, go out. No thread outlives the call it worked for.
 */
@NullMarked
package dev.modelbake.work;

import org.jspecify.annotations.NullMarked;
