/** What it costs to write each call of an agent down first, and to ask and prove it later. */
@NullMarked
package io.margay.bench.audit;

import org.jspecify.annotations.NullMarked;
