/** Immutable collections whose changed copies share what did not change. */
@NullMarked
package io.margay.cedar.persistent;

import org.jspecify.annotations.NullMarked;
