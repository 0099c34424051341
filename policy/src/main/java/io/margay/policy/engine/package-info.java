/**
 * Takes changes of resources, gives decision tables, and never does I/O: policies in normal form
 * and the address space come together here, per group of endpoints.
 */
@NullMarked
package io.margay.policy.engine;

import org.jspecify.annotations.NullMarked;
