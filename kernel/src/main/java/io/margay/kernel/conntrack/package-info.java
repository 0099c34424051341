/** The kernel's table of connections and its events. */
@NullMarked
package io.margay.kernel.conntrack;

import org.jspecify.annotations.NullMarked;
