/** OpenTelemetry spans of calls. */
@NullMarked
package io.margay.agents.gateway.trace;

import org.jspecify.annotations.NullMarked;
