package io.margay.cedar.analyze;

import io.margay.cedar.Request;
import io.margay.cedar.entity.Entities;

/** Whether two policy sets decide alike. */
public sealed interface Comparison {

  /** Proven: they allow the same requests, whatever the entities. */
  record Equal() implements Comparison {}

  /** Proven by this request, which both have decided. */
  record Different(
      Request request, Entities entities, boolean allowedByFirst, boolean allowedBySecond)
      implements Comparison {}

  /**
   * Neither: no proof, and no difference in so many requests. Bounded, so not a promise.
   *
   * @param tried how many requests both sets decided alike
   */
  record Unknown(long tried) implements Comparison {}
}
