package io.margay.agents.gateway.parts;

import io.margay.agents.approval.ApprovalDesk;
import io.margay.agents.audit.log.DurableAuditLog;
import io.margay.agents.audit.log.Pruned;
import io.margay.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is too old: segments of the audit log, which leave a record and their hashes, and
 * approvals that are decided. It looks once in a while; what fails is tried again then.
 */
public final class Upkeep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

  private final DurableAuditLog audit;
  private final ApprovalDesk desk;
  private final Keep keep;
  private final InstantSource clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("gateway-upkeep").daemon().factory());

  /**
   * What to keep.
   *
   * @param audit how long records are kept at least; empty for ever
   * @param auditBytes how much of the disk the log's segments may take; empty for any. It counts
   *     also where records are younger than they were to be kept
   * @param approvals how long a decided approval is kept after it was asked for
   */
  public record Keep(Optional<Duration> audit, OptionalLong auditBytes, Duration approvals) {
    private static final Duration APPROVALS = Duration.ofDays(30);

    public Keep {
      if (audit.isPresent() && audit.get().compareTo(Duration.ofDays(1)) < 0) {
        throw new IllegalArgumentException("audit records are kept for a day or more");
      }
      if (auditBytes.isPresent() && auditBytes.getAsLong() < 1) {
        throw new IllegalArgumentException("the audit log has to have room on the disk");
      }
    }

    /** The whole log, and approvals for a month. */
    public static Keep usual() {
      return new Keep(Optional.empty(), OptionalLong.empty(), APPROVALS);
    }
  }

  public Upkeep(DurableAuditLog audit, ApprovalDesk desk, Keep keep, InstantSource clock) {
    this.audit = audit;
    this.desk = desk;
    this.keep = keep;
    this.clock = clock;
  }

  /** Looks now, and again after each pause. */
  public void start(Duration pause) {
    timer.scheduleWithFixedDelay(this::look, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks once, and removes what is too old now. */
  public void look() {
    try {
      if (keep.audit().isPresent()) {
        tell(audit.prune(clock.instant().minus(keep.audit().get()), ""));
      }
      if (keep.auditBytes().isPresent()) {
        tell(audit.pruneTo(keep.auditBytes().getAsLong(), ""));
      }
    } catch (IOException e) {
      log.warn("Old audit records could not be removed: {}", e.getMessage());
    }
    try {
      int approvals = desk.prune(keep.approvals());
      if (approvals > 0) {
        log.info("{} old approvals were removed", approvals);
      }
    } catch (StoreException e) {
      log.warn("Old approvals could not be removed: {}", e.getMessage());
    }
  }

  private static void tell(Optional<Pruned> pruned) {
    pruned.ifPresent(done ->
        log.info(
            "Audit records {} to {} were removed; record {} tells of it",
            done.first(),
            done.end() - 1,
            done.receipt().sequence()));
  }

  @Override
  public void close() {
    timer.close();
  }
}
