package io.margay.cedar.ast;

import io.margay.cedar.value.EntityType;
import java.util.Optional;

/** What a policy's scope asks of the principal or of the resource. */
public sealed interface ScopeConstraint {

  /** {@code principal}. */
  record Any() implements ScopeConstraint {
    public static final Any ANY = new Any();
  }

  /** {@code principal == User::"alice"}. */
  record Equal(EntityRef entity) implements ScopeConstraint {}

  /** {@code principal in Group::"staff"}. */
  record In(EntityRef entity) implements ScopeConstraint {}

  /** {@code principal is User}. */
  record Is(EntityType type, Span span) implements ScopeConstraint {}

  /** {@code principal is User in Group::"staff"}. */
  record IsIn(EntityType type, EntityRef entity, Span span) implements ScopeConstraint {}

  /** The entity or slot that is compared with, if there is one. */
  default Optional<EntityRef> reference() {
    return switch (this) {
      case Any _, Is _ -> Optional.empty();
      case Equal(EntityRef entity) -> Optional.of(entity);
      case In(EntityRef entity) -> Optional.of(entity);
      case IsIn(_, EntityRef entity, _) -> Optional.of(entity);
    };
  }

  /** The same constraint about another entity. */
  default ScopeConstraint withReference(EntityRef entity) {
    return switch (this) {
      case Any _, Is _ -> this;
      case Equal _ -> new Equal(entity);
      case In _ -> new In(entity);
      case IsIn(EntityType type, _, Span span) -> new IsIn(type, entity, span);
    };
  }
}
