package io.margay.cedar.ast;

import io.margay.cedar.value.EntityUid;

/** What a scope compares with: an entity, or a slot that links fill. */
public sealed interface EntityRef {
  Span span();

  record Named(EntityUid uid, Span span) implements EntityRef {}

  record Open(Slot slot, Span span) implements EntityRef {}
}
