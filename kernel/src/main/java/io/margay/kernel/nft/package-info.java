/** nftables transactions and listings, through libnftables in process or the nft command. */
@NullMarked
package io.margay.kernel.nft;

import org.jspecify.annotations.NullMarked;
