package io.margay.agents.gateway.a2a.grpc;

import com.google.protobuf.Message;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.margay.agents.gateway.Doors;
import io.margay.agents.gateway.a2a.grpc.proto.A2AServiceGrpc;

/**
 * A2A over gRPC. A call comes in at the door of A2A as the JSON-RPC request that says the same, so
 * it is decided, recorded, held and cut off as that one is, and agents are called over JSON-RPC.
 * The tenant of a request is the name of the agent.
 */
public final class A2aService implements BindableService {
  private final Doors doors;

  public A2aService(Doors doors) {
    this.doors = doors;
  }

  @Override
  public ServerServiceDefinition bindService() {
    ServerServiceDefinition.Builder service =
        ServerServiceDefinition.builder(A2AServiceGrpc.getServiceDescriptor());
    for (MethodDescriptor<?, ?> method : A2AServiceGrpc.getServiceDescriptor().getMethods()) {
      service.addMethod(
          ofMessages(method),
          (call, headers) -> {
            // The second one would be one too many, and is how gRPC notices.
            call.request(2);
            return new GrpcCall(call, headers, doors);
          });
    }
    return service.build();
  }

  /** Every method of a service from a proto file takes and gives messages. */
  @SuppressWarnings("unchecked")
  private static MethodDescriptor<Message, Message> ofMessages(MethodDescriptor<?, ?> method) {
    return (MethodDescriptor<Message, Message>) method;
  }
}
