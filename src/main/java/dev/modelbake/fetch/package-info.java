/**
 * From a planned file to a proven blob: candidates in order, retries, resumption, every failure
 * kept.
 *
 * <p>A {@link dev.modelbake.model.PlannedFile} comes in, a {@link dev.modelbake.fetch.Fetched} goes
 * out.
 *
 * <p>This package must never hand out bytes that were not proven, nor quote a local file or an
 * answer that a credential opened.
 */
@NullMarked
package dev.modelbake.fetch;

import org.jspecify.annotations.NullMarked;
