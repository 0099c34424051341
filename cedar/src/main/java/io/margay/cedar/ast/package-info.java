/** Policies as trees, with the place in the source of every node. */
@NullMarked
package io.margay.cedar.ast;

import org.jspecify.annotations.NullMarked;
