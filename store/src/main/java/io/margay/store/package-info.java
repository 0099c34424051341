/**
 * Where resources live: one contract, four sources (memory, a folder of YAML, a Kubernetes API, the
 * embedded API server), one stream of changes for those who compute with them.
 */
@NullMarked
package io.margay.store;

import org.jspecify.annotations.NullMarked;
