/** Network namespaces and the threads that work inside them. */
@NullMarked
package io.margay.kernel.netns;

import org.jspecify.annotations.NullMarked;
