/** From what a dataplane saw of packets to what it adds to flows. */
@NullMarked
package io.margay.flows.attribution;

import org.jspecify.annotations.NullMarked;
