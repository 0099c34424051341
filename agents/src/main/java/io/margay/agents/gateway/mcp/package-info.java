/** The Model Context Protocol, in its stateless revision and the one before, chosen per request. */
@NullMarked
package io.margay.agents.gateway.mcp;

import org.jspecify.annotations.NullMarked;
