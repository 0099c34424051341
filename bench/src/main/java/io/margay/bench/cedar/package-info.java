/** Cedar decisions beside the official binding, with the same policies, entities and requests. */
@NullMarked
package io.margay.bench.cedar;

import org.jspecify.annotations.NullMarked;
