package io.margay.flows.goldmane;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what goes wrong with an answer into gRPC's words. */
final class Answering {
  private static final Logger log = LoggerFactory.getLogger(Answering.class);

  private Answering() {}

  /** Makes an answer. */
  interface Answer {
    void give() throws UnreadableMessage;
  }

  /** Gives an answer, or says why there is none. */
  static void answer(StreamObserver<?> client, Answer answer) {
    try {
      answer.give();
    } catch (UnreadableMessage | IllegalArgumentException e) {
      client.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
    } catch (StatusRuntimeException e) {
      client.onError(e);
    } catch (RuntimeException e) {
      log.warn("a question about flows was not answered", e);
      client.onError(
          Status.INTERNAL
              .withDescription("not answered, the server's log says why")
              .asRuntimeException());
    }
  }
}
