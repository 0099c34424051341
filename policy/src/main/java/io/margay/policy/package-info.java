/**
 * From changes of resources to decision tables, and the readers of those tables that decide and
 * explain. Single-threaded, deterministic, free of I/O.
 */
@NullMarked
package io.margay.policy;

import org.jspecify.annotations.NullMarked;
