/** What every call passes, whatever its protocol: decision, record, approval, halt. */
@NullMarked
package io.margay.agents.gateway.gate;

import org.jspecify.annotations.NullMarked;
