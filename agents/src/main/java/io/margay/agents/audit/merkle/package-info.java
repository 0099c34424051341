/** Merkle trees as in RFC 6962, and the C2SP forms of notes, checkpoints and tiles. */
@NullMarked
package io.margay.agents.audit.merkle;

import org.jspecify.annotations.NullMarked;
