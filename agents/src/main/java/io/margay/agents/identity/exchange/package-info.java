/** Tokens for one hop, each weaker than the one that it was made from. */
@NullMarked
package io.margay.agents.identity.exchange;

import org.jspecify.annotations.NullMarked;
