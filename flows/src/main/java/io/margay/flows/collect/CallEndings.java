package io.margay.flows.collect;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts calls that ended badly, by gRPC's code: those too that no service ever saw, such as
 * oversize messages.
 */
public final class CallEndings extends ServerStreamTracer.Factory {
  private final Map<Status.Code, LongAdder> counts = new ConcurrentHashMap<>();

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new ServerStreamTracer() {
      @Override
      public void streamClosed(Status status) {
        if (!status.isOk()) {
          counts.computeIfAbsent(status.getCode(), _ -> new LongAdder()).increment();
        }
      }
    };
  }

  /** How many calls ended with each code, by the code's name in lower case. */
  public Map<String, Long> counts() {
    Map<String, Long> all = new TreeMap<>();
    counts.forEach((code, count) -> all.put(code.name().toLowerCase(Locale.ROOT), count.sum()));
    return all;
  }
}
