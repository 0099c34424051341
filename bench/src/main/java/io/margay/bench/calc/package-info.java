/** Felix's calculation-graph and label-index benchmarks, run through the policy engine. */
@NullMarked
package io.margay.bench.calc;

import org.jspecify.annotations.NullMarked;
