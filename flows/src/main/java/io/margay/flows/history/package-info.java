/** Flows gathered in 15-second buckets, and immutable views of them for readers. */
@NullMarked
package io.margay.flows.history;

import org.jspecify.annotations.NullMarked;
