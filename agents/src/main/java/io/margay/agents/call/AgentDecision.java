package io.margay.agents.call;

import java.util.List;

/**
 * What was decided about a call, and all that an auditor needs to understand it.
 *
 * @param enforced what is done
 * @param pending what would be done if the staged policies were enforced
 * @param policySetHash names the policies that decided, staged ones included
 * @param errors policies that could not be evaluated; any error denies
 * @param reads attributes that were looked at, with their values: {@code principal.risk_level=low}
 */
public record AgentDecision(
    Ruling enforced,
    Ruling pending,
    String policySetHash,
    List<String> errors,
    List<String> reads) {

  public AgentDecision {
    errors = List.copyOf(errors);
    reads = List.copyOf(reads);
  }
}
