/** Calls that wait for people. */
@NullMarked
package io.margay.agents.approval;

import org.jspecify.annotations.NullMarked;
