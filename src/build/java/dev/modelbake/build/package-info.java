/**
 * What `package` does after the jar: one jar with everything, a trimmed runtime, the distribution.
 *
 * <p>The jars of the build come in; {@code target/modelbake}, its {@code .tar.gz} and the all-jar
 * go out.
 *
 * <p>This package must never be needed when modelbake runs: it is compiled for the build alone.
 */
package dev.modelbake.build;
