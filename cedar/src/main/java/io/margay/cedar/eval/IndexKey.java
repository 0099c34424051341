package io.margay.cedar.eval;

import io.margay.cedar.ast.Variable;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.Value;

/** Something that has to be true of a request for a policy to matter, and that can be looked up. */
sealed interface IndexKey {

  /** The principal or the resource is the entity, or in it. */
  record InEntity(Variable variable, EntityUid uid) implements IndexKey {}

  /** The principal or the resource has the type. */
  record OfType(Variable variable, EntityType type) implements IndexKey {}

  /**
   * An attribute of the principal, of the resource or of the context has the value; or it does not
   * exist, since asking for it is an error then, which has to be reported.
   */
  record HasValue(Variable variable, String attribute, Value value) implements IndexKey {}

  /** Nothing that could be looked up. */
  record Anything() implements IndexKey {
    static final Anything ANYTHING = new Anything();
  }
}
