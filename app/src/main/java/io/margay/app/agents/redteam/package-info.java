/** Attacks on a set of policies: by models that went rogue, stolen tokens and forged messages. */
@NullMarked
package io.margay.app.agents.redteam;

import org.jspecify.annotations.NullMarked;
