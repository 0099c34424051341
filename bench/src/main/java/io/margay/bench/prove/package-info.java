/** How long a proof over a large cluster takes. */
@NullMarked
package io.margay.bench.prove;

import org.jspecify.annotations.NullMarked;
