/** A2A over gRPC, turned into the JSON-RPC that the door of A2A decides about. */
@NullMarked
package io.margay.agents.gateway.a2a.grpc;

import org.jspecify.annotations.NullMarked;
