/**
 * Hashing while bytes stream.
 *
 * <p>Bytes come in, digests of one or several algorithms go out.
 *
 * <p>This package must never register a security provider: the JDK's own SHA-2 is several times
 * faster than BouncyCastle's, which serves only what the JDK lacks.
 */
@NullMarked
package dev.modelbake.digest;

import org.jspecify.annotations.NullMarked;
