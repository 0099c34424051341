package io.margay.agents.approval;

import io.margay.model.resource.Approval;
import io.margay.model.resource.Approval.State;
import io.margay.model.resource.Approval.Vote;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How much approvers have to do. Somebody who decides much within seconds has stopped reading.
 *
 * @param open how many wait
 * @param oldest how long the first of them waits; empty when none does
 * @param median how long those took that were decided; empty when none was
 * @param decisions how many each approver decided in the last day
 */
public record ApprovalLoad(
    int open,
    Optional<Duration> oldest,
    Optional<Duration> median,
    Map<String, Integer> decisions) {
  private static final Duration DAY = Duration.ofDays(1);

  public ApprovalLoad {
    decisions = Collections.unmodifiableMap(new TreeMap<>(decisions));
  }

  static ApprovalLoad of(List<Approval> approvals, Instant now) {
    int open = 0;
    List<Duration> waiting = new ArrayList<>();
    List<Duration> took = new ArrayList<>();
    Map<String, Integer> decisions = new TreeMap<>();
    for (Approval approval : approvals) {
      Instant asked = approval.spec().asked();
      if (ApprovalRules.stateOf(approval, now) == State.PENDING) {
        open++;
        if (asked != null) {
          waiting.add(Duration.between(asked, now));
        }
      } else if (asked != null && !approval.status().votes().isEmpty()) {
        Instant decided = approval.status().votes().getLast().at();
        if (decided != null) {
          took.add(Duration.between(asked, decided));
        }
      }
      for (Vote vote : approval.status().votes()) {
        if (vote.at() != null && vote.at().isAfter(now.minus(DAY))) {
          decisions.merge(vote.approver(), 1, Integer::sum);
        }
      }
    }
    Collections.sort(took);
    return new ApprovalLoad(
        open,
        waiting.stream().max(Duration::compareTo),
        took.isEmpty() ? Optional.empty() : Optional.of(took.get(took.size() / 2)),
        decisions);
  }
}
