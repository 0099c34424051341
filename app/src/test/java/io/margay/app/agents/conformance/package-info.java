/** The official MCP conformance suite, played through the gateway. */
@NullMarked
package io.margay.app.agents.conformance;

import org.jspecify.annotations.NullMarked;
