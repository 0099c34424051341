/** What the agents' gateway adds to a call. */
@NullMarked
package io.margay.bench.gateway;

import org.jspecify.annotations.NullMarked;
