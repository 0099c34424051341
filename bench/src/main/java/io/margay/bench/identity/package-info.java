/** What it costs to know who calls. */
@NullMarked
package io.margay.bench.identity;

import org.jspecify.annotations.NullMarked;
