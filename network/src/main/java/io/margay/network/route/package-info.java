/** Routes of a node: to its pods, and to the blocks of other nodes, with VXLAN or without. */
@NullMarked
package io.margay.network.route;

import org.jspecify.annotations.NullMarked;
