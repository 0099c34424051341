/** Benchmarks of what decides about agents. */
@NullMarked
package io.margay.bench.agents;

import org.jspecify.annotations.NullMarked;
