/** SPIFFE: names of workloads, and the documents that prove them. */
@NullMarked
package io.margay.agents.identity.spiffe;

import org.jspecify.annotations.NullMarked;
