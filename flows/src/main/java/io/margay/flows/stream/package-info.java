/** The running flow service: events in, views and streams out. */
@NullMarked
package io.margay.flows.stream;

import org.jspecify.annotations.NullMarked;
