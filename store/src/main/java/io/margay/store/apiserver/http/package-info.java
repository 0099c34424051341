/**
 * The HTTP side of the embedded API server: takes requests, gives replies with the media types,
 * limits and errors of the Kubernetes API. Never decides what an object may say.
 */
@NullMarked
package io.margay.store.apiserver.http;

import org.jspecify.annotations.NullMarked;
