/** How well agents are governed: figures of the audit log, five questions, and a level. */
@NullMarked
package io.margay.agents.assess;

import org.jspecify.annotations.NullMarked;
