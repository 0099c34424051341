package io.margay.agents.identity.workload;

import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A workload that is told of every change; each message replaces all that it knew. */
final class OpenStream<T> {
  private final ServerCallStreamObserver<T> observer;
  private final Supplier<List<Registrations.Entry>> entries;
  private final Function<List<Registrations.Entry>, T> message;
  private final @Nullable Duration renewal;
  private final InstantSource clock;
  private @Nullable Runnable whenEnded;

  /** Guarded by this, as sending is: gRPC's observers are for one thread at a time. */
  private Instant due = Instant.MAX;

  private boolean ended;

  /**
   * @param entries who the workload is now
   * @param renewal after which a message is old; null for one that does not age
   */
  OpenStream(
      ServerCallStreamObserver<T> observer,
      Supplier<List<Registrations.Entry>> entries,
      Function<List<Registrations.Entry>, T> message,
      @Nullable Duration renewal,
      InstantSource clock) {
    this.observer = observer;
    this.entries = entries;
    this.message = message;
    this.renewal = renewal;
    this.clock = clock;
  }

  void onEnd(Runnable action) {
    whenEnded = action;
    observer.setOnCancelHandler(this::end);
  }

  synchronized void sendIfDue(Instant now) {
    if (!now.isBefore(due)) {
      send();
    }
  }

  synchronized void send() {
    if (ended || observer.isCancelled()) {
      return;
    }
    List<Registrations.Entry> current = entries.get();
    if (current.isEmpty()) {
      end();
      observer.onError(WorkloadService.noIdentity());
      return;
    }
    if (renewal != null) {
      due = clock.instant().plus(renewal);
    }
    observer.onNext(message.apply(current));
  }

  private synchronized void end() {
    ended = true;
    if (whenEnded != null) {
      whenEnded.run();
    }
  }
}
