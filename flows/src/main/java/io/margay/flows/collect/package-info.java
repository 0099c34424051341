/**
 * From a node to the process that gathers flows: the node's end attributes events, counts them up
 * and sends the increments; the gathering end takes each of them once.
 */
@NullMarked
package io.margay.flows.collect;

import org.jspecify.annotations.NullMarked;
