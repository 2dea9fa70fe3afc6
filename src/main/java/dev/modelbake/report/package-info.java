/**
 * What modelbake says: plans, receipts, reports, findings, problems, failures and events as text
 * and JSON.
 *
 * <p>Values come in; strings and JSON values go out, always the same for the same value.
 *
 * <p>This package must never do I/O, look at a clock, or print foreign text as it came.
 */
@NullMarked
package dev.modelbake.report;

import org.jspecify.annotations.NullMarked;
