/** How the node is: sizes, counts, drops, as JSON and for Prometheus. */
@NullMarked
package io.margay.console.status;

import org.jspecify.annotations.NullMarked;
