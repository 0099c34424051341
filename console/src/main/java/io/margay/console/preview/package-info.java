/** What a change of a policy would do, found out on a copy of the cluster. */
@NullMarked
package io.margay.console.preview;

import org.jspecify.annotations.NullMarked;
