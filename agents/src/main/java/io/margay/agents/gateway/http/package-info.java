/**
 * HTTP of the gateway: strict bodies, what is passed on and what is not, streams without buffering.
 */
@NullMarked
package io.margay.agents.gateway.http;

import org.jspecify.annotations.NullMarked;
