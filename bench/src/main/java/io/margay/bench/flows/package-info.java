/** What flow records cost. */
@NullMarked
package io.margay.bench.flows;

import org.jspecify.annotations.NullMarked;
