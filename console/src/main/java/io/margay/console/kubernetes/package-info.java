/** Users of a cluster: the cluster says who they are, and what they may do. */
@NullMarked
package io.margay.console.kubernetes;

import org.jspecify.annotations.NullMarked;
