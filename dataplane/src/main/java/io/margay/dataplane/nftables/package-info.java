/**
 * Decision tables as one nftables table. Takes table deltas and the host's interfaces, gives atomic
 * transactions and what the kernel counted; never touches another table.
 */
@NullMarked
package io.margay.dataplane.nftables;

import org.jspecify.annotations.NullMarked;
