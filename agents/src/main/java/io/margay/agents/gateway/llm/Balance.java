package io.margay.agents.gateway.llm;

/**
 * How an account stands in a window. Cost is in millionths of the currency.
 *
 * @param tokens of calls that are over
 * @param reservedTokens that calls under way may still take; also those of calls that a crash ended
 */
public record Balance(
    Account.Key key, long tokens, long cost, long reservedTokens, long reservedCost) {

  static Balance none(Account.Key key) {
    return new Balance(key, 0, 0, 0, 0);
  }

  long takenTokens() {
    return tokens + reservedTokens;
  }

  long takenCost() {
    return cost + reservedCost;
  }

  Balance reserve(long moreTokens, long moreCost) {
    return new Balance(key, tokens, cost, reservedTokens + moreTokens, reservedCost + moreCost);
  }

  Balance spend(long moreTokens, long moreCost) {
    return new Balance(key, tokens + moreTokens, cost + moreCost, reservedTokens, reservedCost);
  }
}
