/**
 * The client: requests, ranges, redirects, proxies, certificates, credentials, retry policy.
 *
 * <p>A URL comes in, an {@link dev.modelbake.http.Answer} or an {@link
 * dev.modelbake.http.HttpFailure} goes out.
 *
 * <p>This package must never send a credential to an origin it was not given for, nor put one into
 * a message, and is the only one that knows OkHttp.
 */
@NullMarked
package dev.modelbake.http;

import org.jspecify.annotations.NullMarked;
