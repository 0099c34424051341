package io.margay.flows.collect;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Tells calls who calls: the host, without the port, which changes with every connection. Goldmane
 * takes the port along and so never finds that a client repeats itself.
 */
public final class ClientAddress implements ServerInterceptor {
  private static final String THIS_MACHINE = "local";
  private static final Context.Key<String> KEY = Context.keyWithDefault("client", THIS_MACHINE);

  /** Of the call that is being served. */
  static String current() {
    return KEY.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String client = host(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    return Contexts.interceptCall(Context.current().withValue(KEY, client), call, headers, next);
  }

  private static String host(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress internet && internet.getAddress() != null
        ? internet.getAddress().getHostAddress()
        : THIS_MACHINE;
  }
}
