package io.margay.flows.shard;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * The processes whose part an answer lacks. A gRPC answer names them in its trailers, and an HTTP
 * answer in a header, so that no part is missing silently.
 */
public final class MissingShards implements ServerInterceptor {
  /** In the trailers of an answer, with commas between; not there if the answer is whole. */
  public static final Metadata.Key<String> TRAILER =
      Metadata.Key.of("margay-missing-shards", Metadata.ASCII_STRING_MARSHALLER);

  private static final Context.Key<Set<String>> OF_CALL = Context.key("missing-shards");

  /** A part of the answer to the current call is missing; nothing where there is no call. */
  static void note(String shard) {
    @Nullable Set<String> missing = OF_CALL.get();
    if (missing != null) {
      missing.add(shard);
    }
  }

  /** What needs answers of all shards. */
  @FunctionalInterface
  public interface Work<E extends Exception> {
    void run() throws E;
  }

  /** Does something during which {@link #noted} tells whose part is missing. */
  public static <E extends Exception> void noting(Work<E> work) throws E {
    Context call = Context.current().withValue(OF_CALL, new ConcurrentSkipListSet<>());
    Context before = call.attach();
    try {
      work.run();
    } finally {
      call.detach(before);
    }
  }

  /** Whose part is missing from the answers so far. */
  public static Set<String> noted() {
    @Nullable Set<String> missing = OF_CALL.get();
    return missing == null ? Set.of() : Set.copyOf(missing);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Set<String> missing = new ConcurrentSkipListSet<>();
    ServerCall<Q, A> naming =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            if (!missing.isEmpty()) {
              trailers.put(TRAILER, String.join(",", missing));
            }
            super.close(status, trailers);
          }
        };
    return Contexts.interceptCall(
        Context.current().withValue(OF_CALL, missing), naming, headers, next);
  }
}
