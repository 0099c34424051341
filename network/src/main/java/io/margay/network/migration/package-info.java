/** Virtual machines that change their node, and keep addresses and connections. */
@NullMarked
package io.margay.network.migration;

import org.jspecify.annotations.NullMarked;
