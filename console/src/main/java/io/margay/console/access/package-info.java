/** Who asks, and what that user may see and change. Knows nothing of HTTP. */
@NullMarked
package io.margay.console.access;

import org.jspecify.annotations.NullMarked;
