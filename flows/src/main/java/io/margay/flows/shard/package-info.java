/**
 * Several processes that share the flows of a cluster: each takes the updates of its nodes, and
 * each answers for all by asking the others.
 */
@NullMarked
package io.margay.flows.shard;

import org.jspecify.annotations.NullMarked;
