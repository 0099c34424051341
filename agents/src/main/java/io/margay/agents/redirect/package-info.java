/** Leads what an agent says in its network namespace to the gateway, whether it knows or not. */
@NullMarked
package io.margay.agents.redirect;

import org.jspecify.annotations.NullMarked;
