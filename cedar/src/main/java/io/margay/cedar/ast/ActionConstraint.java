package io.margay.cedar.ast;

import io.margay.cedar.value.EntityUid;
import java.util.List;

/** What a policy's scope asks of the action. */
public sealed interface ActionConstraint {

  /** {@code action}. */
  record Any() implements ActionConstraint {
    public static final Any ANY = new Any();
  }

  /** {@code action == Action::"read"}. */
  record Equal(EntityUid action, Span span) implements ActionConstraint {}

  /** {@code action in Action::"reading"}. */
  record In(EntityUid action, Span span) implements ActionConstraint {}

  /** {@code action in [Action::"read", Action::"list"]}; an empty list holds for no action. */
  record InAny(List<EntityUid> actions, Span span) implements ActionConstraint {
    public InAny {
      actions = List.copyOf(actions);
    }
  }

  /** The actions named. */
  default List<EntityUid> actions() {
    return switch (this) {
      case Any _ -> List.of();
      case Equal(EntityUid action, _) -> List.of(action);
      case In(EntityUid action, _) -> List.of(action);
      case InAny(List<EntityUid> actions, _) -> actions;
    };
  }
}
