/** Decides calls by the policies in force. */
@NullMarked
package io.margay.agents.decide;

import org.jspecify.annotations.NullMarked;
