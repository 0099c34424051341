/** What happened, written down before it goes on: records, and the log that takes them. */
@NullMarked
package io.margay.agents.audit;

import org.jspecify.annotations.NullMarked;
