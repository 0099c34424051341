/** How long a node takes to enforce a cluster's policies, and what memory it needs for that. */
@NullMarked
package io.margay.bench.node;

import org.jspecify.annotations.NullMarked;
