/**
 * Who gets which address: pools are cut into blocks, nodes claim blocks, and workloads get
 * addresses of them. All state is in the resource store; begin with {@link AddressAllocator}.
 */
@NullMarked
package io.margay.network.ipam;

import org.jspecify.annotations.NullMarked;
