/** Reads, crafts, sends and captures raw packets. */
@NullMarked
package io.margay.kernel.packet;

import org.jspecify.annotations.NullMarked;
