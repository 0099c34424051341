package io.margay.cedar;

import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;

/** Who wants to do what to what, and under which circumstances. */
public record Request(
    EntityUid principal, EntityUid action, EntityUid resource, RecordValue context) {

  public Request(EntityUid principal, EntityUid action, EntityUid resource) {
    this(principal, action, resource, RecordValue.EMPTY);
  }
}
