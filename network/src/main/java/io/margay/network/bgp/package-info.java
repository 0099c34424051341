/** BGP through BIRD 2: its configuration, and how its sessions are. */
@NullMarked
package io.margay.network.bgp;

import org.jspecify.annotations.NullMarked;
