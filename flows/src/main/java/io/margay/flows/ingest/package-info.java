/** What nodes report, and how it is taken in. */
@NullMarked
package io.margay.flows.ingest;

import org.jspecify.annotations.NullMarked;
