package io.margay.cedar.ast;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A policy as written. Without slots it is a policy by itself; with slots it takes effect only
 * through {@link Policy#link links}.
 *
 * @param annotations no name twice
 * @param conditions evaluated after the scope, in this order
 */
public record Template(
    String id,
    List<Annotation> annotations,
    Effect effect,
    ScopeConstraint principal,
    ActionConstraint action,
    ScopeConstraint resource,
    List<Condition> conditions,
    Span span) {

  public Template {
    annotations = List.copyOf(annotations);
    conditions = List.copyOf(conditions);
  }

  /** The slots that a link has to fill; none for a static policy. */
  public Set<Slot> slots() {
    Set<Slot> slots = EnumSet.noneOf(Slot.class);
    for (ScopeConstraint constraint : List.of(principal, resource)) {
      if (constraint.reference().orElse(null) instanceof EntityRef.Open(Slot slot, _)) {
        slots.add(slot);
      }
    }
    return Collections.unmodifiableSet(slots);
  }

  public boolean isStatic() {
    return slots().isEmpty();
  }

  public Optional<Annotation> annotation(String name) {
    return annotations.stream().filter(annotation -> annotation.name().equals(name)).findFirst();
  }

  public Template withId(String newId) {
    return new Template(newId, annotations, effect, principal, action, resource, conditions, span);
  }
}
