/** What changes cost in the kernel's table, at the sizes of Felix's nftables benchmark. */
@NullMarked
package io.margay.bench.nftables;

import org.jspecify.annotations.NullMarked;
