package io.margay.cedar.validate;

import io.margay.cedar.ast.Slot;
import io.margay.cedar.schema.ActionInfo;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.schema.Type;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The types of one kind of request. A policy is checked in each that the schema allows, so that the
 * types of its variables are exact.
 *
 * @param slots the types of the entities that fill a template's slots
 */
public record RequestEnvironment(
    EntityType principal,
    EntityUid action,
    EntityType resource,
    Type.Record context,
    Map<Slot, EntityType> slots) {
  public RequestEnvironment {
    slots = Map.copyOf(slots);
  }

  /** Every combination that an action applies to, without slots. */
  public static List<RequestEnvironment> of(Schema schema) {
    List<RequestEnvironment> all = new ArrayList<>();
    for (ActionInfo action : schema.actions()) {
      for (EntityType principal : action.principals()) {
        for (EntityType resource : action.resources()) {
          all.add(
              new RequestEnvironment(
                  principal, action.name(), resource, action.context(), Map.of()));
        }
      }
    }
    return all;
  }

  RequestEnvironment withSlots(Map<Slot, EntityType> filled) {
    return new RequestEnvironment(principal, action, resource, context, filled);
  }

  @Override
  public String toString() {
    return principal + ", " + action + ", " + resource;
  }
}
