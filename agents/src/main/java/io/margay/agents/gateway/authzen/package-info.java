/** AuthZEN's Authorization API 1.0: decisions for those who enforce them themselves. */
@NullMarked
package io.margay.agents.gateway.authzen;

import org.jspecify.annotations.NullMarked;
