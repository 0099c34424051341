package io.margay.agents.gateway.parts;

import io.margay.agents.audit.AuditLog;
import io.margay.agents.audit.AuditUnavailableException;
import io.margay.agents.audit.Draft;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.gateway.gate.Recorder;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the records of calls in the audit log. */
public final class AuditRecorder implements Recorder, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AuditRecorder.class);

  /** Records that wait to be written; the disk has stopped when there are more. */
  private static final int MOST_WAITING = 100_000;

  private final AuditLog audit;
  private final UnaryOperator<String> owners;
  private final InstantSource clock;
  private final AtomicLong lost = new AtomicLong();
  private final Semaphore waiting = new Semaphore(MOST_WAITING);

  /**
   * @param owners finds who answers for an agent, by its SPIFFE id; empty for nobody
   */
  public AuditRecorder(AuditLog audit, UnaryOperator<String> owners, InstantSource clock) {
    this.audit = audit;
    this.owners = owners;
    this.clock = clock;
  }

  @Override
  public long decided(AgentCall call, AgentDecision decision) throws IOException {
    try {
      return audit
          .append(owned(Draft.decision(call, decision), call.caller().workload()))
          .sequence();
    } catch (AuditUnavailableException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** The answer does not wait for the disk a second time, and the disk has no more to do. */
  @Override
  public void ended(long decision, AgentCall call, String outcome, int status, Duration took) {
    String told = status == 0 ? outcome : outcome + " " + status;
    soon(
        owned(
            Draft.outcome(decision, call, told, clock.instant(), took), call.caller().workload()));
  }

  /** A record with the person who answers for an agent. */
  Draft owned(Draft draft, String workload) {
    return draft.withOwner(owners.apply(workload));
  }

  /** Records what happened already, so that nobody has to wait for the disk. */
  void soon(Draft draft) {
    if (!waiting.tryAcquire()) {
      lost.incrementAndGet();
      return;
    }
    audit
        .appendLater(draft)
        .whenComplete((_, failure) -> {
          waiting.release();
          if (failure != null) {
            lost(draft, failure);
          }
        });
  }

  private void lost(Draft draft, Throwable e) {
    lost.incrementAndGet();
    log.warn(
        "The {} {} could not be recorded: {}",
        draft.event().kind(),
        draft.event().status(),
        e.getMessage());
  }

  /** What could not be recorded after it had happened. */
  public long lost() {
    return lost.get();
  }

  /** Waits until the last record is written. */
  @Override
  public void close() {
    waiting.acquireUninterruptibly(MOST_WAITING);
  }
}
