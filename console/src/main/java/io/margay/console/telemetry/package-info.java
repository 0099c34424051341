/** Measures and traces this product's own processes. */
@NullMarked
package io.margay.console.telemetry;

import org.jspecify.annotations.NullMarked;
