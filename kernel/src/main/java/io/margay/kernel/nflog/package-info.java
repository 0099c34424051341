/** Packets that rules log to userspace. */
@NullMarked
package io.margay.kernel.nflog;

import org.jspecify.annotations.NullMarked;
