package io.margay.agents.gateway.parts;

import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditLog;
import io.margay.agents.audit.AuditUnavailableException;
import io.margay.agents.audit.Draft;
import io.margay.agents.call.Caller;
import io.margay.agents.gateway.Refusals;
import io.margay.agents.identity.exchange.Grant;
import io.margay.agents.identity.exchange.HopToken;
import io.margay.agents.identity.exchange.IssueObserver;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.token.VerifiedToken;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Records every token that is issued, before anybody has it, and every caller that is turned away.
 * Anybody can be a stranger, so of strangers only so many are recorded in a second; the next record
 * counts the others.
 */
final class TokenAudit implements IssueObserver, Refusals {
  static final int STRANGERS_A_SECOND = 20;

  private final AuditLog audit;
  private final AuditRecorder recorder;
  private final InstantSource clock;
  private long second;
  private int recorded;
  private long omitted;

  TokenAudit(AuditLog audit, AuditRecorder recorder, InstantSource clock) {
    this.audit = audit;
    this.recorder = recorder;
    this.clock = clock;
  }

  @Override
  public void issued(Grant grant, String audience, HopToken token) throws IOException {
    Optional<VerifiedToken> parent = grant.parent();
    Caller caller =
        new Caller(
            grant.agent().toString(),
            parent.flatMap(VerifiedToken::user),
            grant.chain(),
            parent.map(one -> one.lineage().id()).orElse(""),
            parent.map(VerifiedToken::scope).orElse(List.of()));
    Draft draft =
        Draft.token(caller, "issued", token.id(), clock.instant())
            .withDetail("audience", audience)
            .withDetail("scope", String.join(" ", token.scope()))
            .withDetail("expires", token.expires().toString());
    try {
      audit.append(recorder.owned(draft, caller.workload()));
    } catch (AuditUnavailableException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void refused(Optional<SpiffeId> agent, String at, String reason) {
    if (agent.isEmpty()) {
      strangerRefused(at, reason);
      return;
    }
    String workload = agent.get().toString();
    Caller caller = new Caller(workload, Optional.empty(), List.of(workload), "", List.of());
    Draft draft =
        Draft.token(caller, "refused", "", clock.instant())
            .withDetail("at", at)
            .withDetail("reason", reason);
    recorder.soon(recorder.owned(draft, workload));
  }

  private void strangerRefused(String at, String reason) {
    long skipped;
    synchronized (this) {
      long now = clock.instant().getEpochSecond();
      if (now != second) {
        second = now;
        recorded = 0;
      }
      if (recorded >= STRANGERS_A_SECOND) {
        omitted++;
        return;
      }
      recorded++;
      skipped = omitted;
      omitted = 0;
    }
    Draft draft =
        Draft.plain(AuditKind.TOKEN, "refused", clock.instant())
            .withDetail("at", at)
            .withDetail("reason", reason);
    recorder.soon(skipped == 0 ? draft : draft.withDetail("omitted", Long.toString(skipped)));
  }
}
