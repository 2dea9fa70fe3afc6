/**
 * Detached signatures over manifests and mirror indexes: minisign, and ECDSA with P-256 or P-384.
 * Signing is the job of those tools; here signatures are only verified.
 *
 * <p>This package must never take a key from where the signed file lies.
 */
@NullMarked
package dev.modelbake.trust;

import org.jspecify.annotations.NullMarked;
