package io.margay.flows.goldmane;

import io.margay.flows.goldmane.proto.Wire;
import io.margay.flows.query.FlowFilter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where streams come from: this process, or several that share the flows. */
public interface FlowStreaming {
  /**
   * Sends each flow of each bucket once, when the bucket has closed, until the client goes.
   *
   * @param asked as the client wrote it
   * @param from the past from then on comes first; null for none of it
   * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED if there are too many streams
   */
  void begin(
      Wire.FlowStreamRequest asked, @Nullable Instant from, FlowFilter filter, StreamClient client);
}
