/** The SPIFFE Workload API over a Unix socket: how workloads get their SVIDs, served and used. */
@NullMarked
package io.margay.agents.identity.workload;

import org.jspecify.annotations.NullMarked;
