/**
 * Conformance vectors: clusters and policies with the verdicts that independent sources expect.
 * Takes vector files, gives resources, packets and expectations; never decides anything.
 */
@NullMarked
package io.margay.model.vector;

import org.jspecify.annotations.NullMarked;
