/** Decisions: policies compiled to closures, found through an index, run over the entity store. */
@NullMarked
package io.margay.cedar.eval;

import org.jspecify.annotations.NullMarked;
