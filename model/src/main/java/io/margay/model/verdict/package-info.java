/** What policies decided about a packet, and by which rules. */
@NullMarked
package io.margay.model.verdict;

import org.jspecify.annotations.NullMarked;
