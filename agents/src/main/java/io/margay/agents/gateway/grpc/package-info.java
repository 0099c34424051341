/** gRPC servers among agents: TLS with SVIDs, and a virtual thread for each call. */
@NullMarked
package io.margay.agents.gateway.grpc;

import org.jspecify.annotations.NullMarked;
