/**
 * Goldmane's gRPC interface: its messages from and to our types, and its services over a flow
 * reader. The messages are in {@code goldmane.proto}.
 */
@NullMarked
package io.margay.flows.goldmane;

import org.jspecify.annotations.NullMarked;
