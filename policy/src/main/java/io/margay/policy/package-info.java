/**
 * Takes changes of resources, gives decision tables and explanations, and never does I/O: the
 * packages are the steps in between.
 */
@NullMarked
package io.margay.policy;

import org.jspecify.annotations.NullMarked;
