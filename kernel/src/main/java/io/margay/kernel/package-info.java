/**
 * Takes: plain numbers, addresses and bytes. Gives: Linux network namespaces, links, routes,
 * nftables, NFLOG and conntrack events and raw packets, through the foreign function interface.
 * Never knows policy, and never touches native code before the first call needs it.
 */
@NullMarked
package io.margay.kernel;

import org.jspecify.annotations.NullMarked;
