/** A call that an agent makes, and what is decided about it: the words that all parts share. */
@NullMarked
package io.margay.agents.call;

import org.jspecify.annotations.NullMarked;
