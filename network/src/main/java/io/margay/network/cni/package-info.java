/** The CNI plugin: attaches pods to the network, and detaches them. */
@NullMarked
package io.margay.network.cni;

import org.jspecify.annotations.NullMarked;
