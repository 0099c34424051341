/** Netlink framing: requests with acknowledgement, dumps and event listeners. */
@NullMarked
package io.margay.kernel.netlink;

import org.jspecify.annotations.NullMarked;
