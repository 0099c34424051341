package io.margay.agents.call;

/** Decides calls: permits what a policy permits, and nothing else. Of many threads at a time. */
@FunctionalInterface
public interface Decider {

  /** Never throws: what cannot be decided is denied, with the reason. */
  AgentDecision decide(AgentCall call);
}
