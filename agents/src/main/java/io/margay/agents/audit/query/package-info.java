/** Finds records again: by agent, user, policy, target, time, and as the tree of a trace. */
@NullMarked
package io.margay.agents.audit.query;

import org.jspecify.annotations.NullMarked;
