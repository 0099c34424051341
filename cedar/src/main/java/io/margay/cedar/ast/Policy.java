package io.margay.cedar.ast;

import io.margay.cedar.value.EntityUid;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A policy that takes part in decisions: a static one, or a template with its slots filled.
 *
 * @param id the link's id; for a static policy that of its template
 * @param template what was written
 * @param values an entity for each slot of the template, empty for a static policy
 */
public record Policy(String id, Template template, Map<Slot, EntityUid> values) {

  /**
   * @throws PolicySetException when the values do not fit the template's slots
   */
  public Policy {
    values = Map.copyOf(values);
    if (!values.keySet().equals(template.slots())) {
      throw PolicySetException.slotsDiffer(id, template, values.keySet());
    }
  }

  /**
   * A policy without slots.
   *
   * @throws PolicySetException when there are slots
   */
  public static Policy of(Template template) {
    return new Policy(template.id(), template, Map.of());
  }

  /**
   * A template with its slots filled.
   *
   * @throws PolicySetException when the values do not fit the template's slots
   */
  public static Policy link(String id, Template template, Map<Slot, EntityUid> values) {
    return new Policy(id, template, values);
  }

  public boolean isLink() {
    return !values.isEmpty();
  }

  public Effect effect() {
    return template.effect();
  }

  /** What the scope asks of the principal, slots filled. */
  public ScopeConstraint principal() {
    return filled(template.principal());
  }

  public ActionConstraint action() {
    return template.action();
  }

  /** What the scope asks of the resource, slots filled. */
  public ScopeConstraint resource() {
    return filled(template.resource());
  }

  public List<Condition> conditions() {
    return template.conditions();
  }

  /** The values by slot, in the order of the slots. */
  public Map<Slot, EntityUid> orderedValues() {
    return values.isEmpty() ? Map.of() : new EnumMap<>(values);
  }

  private ScopeConstraint filled(ScopeConstraint constraint) {
    if (constraint.reference().orElse(null) instanceof EntityRef.Open(Slot slot, Span span)) {
      EntityUid uid = values.get(slot);
      if (uid != null) {
        return constraint.withReference(new EntityRef.Named(uid, span));
      }
    }
    return constraint;
  }
}
