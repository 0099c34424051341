package io.margay.agents.identity.workload;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Lets calls through whose peer is known, and that say that they mean this API. */
final class PeerInterceptor implements ServerInterceptor {
  /** Keeps requests that a workload was tricked into (SSRF) away: such ones lack the header. */
  static final Metadata.Key<String> HEADER =
      Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

  static final Context.Key<Peer> PEER = Context.key("margay-peer");

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    if (!"true".equals(headers.get(HEADER))) {
      call.close(
          Status.INVALID_ARGUMENT.withDescription(
              "the metadata workload.spiffe.io: true is missing"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    Peer peer = call.getAttributes().get(PeerNegotiator.PEER);
    if (peer == null || !peer.isStillThere()) {
      call.close(
          Status.PERMISSION_DENIED.withDescription("the process that connected cannot be told"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    return Contexts.interceptCall(Context.current().withValue(PEER, peer), call, headers, next);
  }
}
