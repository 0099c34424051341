/** Agents: who they are, what they call, what waits for people, and how well it is all governed. */
@NullMarked
package io.margay.console.agents;

import org.jspecify.annotations.NullMarked;
