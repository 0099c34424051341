/** Decision tables made real: simulated or in the kernel, with what the kernel reports back. */
@NullMarked
package io.margay.dataplane;

import org.jspecify.annotations.NullMarked;
