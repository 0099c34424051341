/** What is known of agents, tools and models, as entities that policies can speak of. */
@NullMarked
package io.margay.agents.registry;

import org.jspecify.annotations.NullMarked;
