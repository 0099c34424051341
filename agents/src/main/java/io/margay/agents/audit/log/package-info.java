/** The log on disk: segments, group commit, recovery, checkpoints, retention. */
@NullMarked
package io.margay.agents.audit.log;

import org.jspecify.annotations.NullMarked;
