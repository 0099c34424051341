/** Who calls: the agent and the person behind it, both verified on every call. */
@NullMarked
package io.margay.agents.identity;

import org.jspecify.annotations.NullMarked;
