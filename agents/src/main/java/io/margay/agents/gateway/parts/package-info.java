/** The gateway's ports, answered by identity, registry, approvals and audit. */
@NullMarked
package io.margay.agents.gateway.parts;

import org.jspecify.annotations.NullMarked;
