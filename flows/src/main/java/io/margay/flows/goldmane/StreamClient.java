package io.margay.flows.goldmane;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.margay.flows.goldmane.proto.Wire;
import java.util.concurrent.locks.LockSupport;

/** Who reads a stream. Whoever sends waits while the client does not read. */
final class StreamClient {
  private static final long PATIENCE_NANOS = 20_000_000;

  private final ServerCallStreamObserver<Wire.FlowResult> call;
  private boolean ended;

  StreamClient(ServerCallStreamObserver<Wire.FlowResult> call) {
    this.call = call;
    call.setOnCancelHandler(() -> {}); // so that sending to a client that is gone does not throw
  }

  /** Sends a flow when the client reads, and returns whether the stream goes on. */
  boolean send(Wire.FlowResult flow) {
    while (!call.isReady() && !isOver()) {
      LockSupport.parkNanos(PATIENCE_NANOS);
    }
    synchronized (this) {
      if (isOver()) {
        return false;
      }
      call.onNext(flow);
      return true;
    }
  }

  /** Whether the client is gone or the stream has ended. */
  synchronized boolean isOver() {
    return ended || call.isCancelled();
  }

  /** Ends the stream and says why. */
  synchronized void end(Status reason) {
    if (!isOver()) {
      ended = true;
      call.onError(reason.asRuntimeException());
    }
  }
}
