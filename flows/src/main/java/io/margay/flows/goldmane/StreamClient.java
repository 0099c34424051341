package io.margay.flows.goldmane;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.margay.flows.goldmane.proto.Wire;
import java.util.concurrent.locks.LockSupport;

/** Who reads a stream. Several threads may send; each waits while the client does not read. */
public final class StreamClient {
  private static final long PATIENCE_NANOS = 20_000_000;

  private final ServerCallStreamObserver<Wire.FlowResult> call;
  private boolean ended;

  StreamClient(ServerCallStreamObserver<Wire.FlowResult> call) {
    this.call = call;
  }

  /** Does something when the client goes. To be called before the call is over. */
  public void onGone(Runnable action) {
    call.setOnCancelHandler(action);
  }

  /** Sends a flow when the client reads, and returns whether the stream goes on. */
  public boolean send(Wire.FlowResult flow) {
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
  public synchronized boolean isOver() {
    return ended || call.isCancelled();
  }

  /** Ends the stream and says why. */
  public synchronized void end(Status reason) {
    if (!isOver()) {
      ended = true;
      call.onError(reason.asRuntimeException());
    }
  }
}
