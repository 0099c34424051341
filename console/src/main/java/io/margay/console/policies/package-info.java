/** Policies as their authors wrote them, and the order in which they are evaluated. */
@NullMarked
package io.margay.console.policies;

import org.jspecify.annotations.NullMarked;
