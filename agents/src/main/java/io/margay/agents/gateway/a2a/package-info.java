/** Agent to agent, version 1.0, over JSON-RPC and REST. */
@NullMarked
package io.margay.agents.gateway.a2a;

import org.jspecify.annotations.NullMarked;
