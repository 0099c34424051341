package io.margay.policy.explain;

import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.PolicyRef;
import java.util.Locale;

/** A change of the policies that somebody could make. Its text is a piece of advice. */
public sealed interface Change {

  /** One rule less. */
  record RemoveRule(PolicyRef policy, Direction direction, int index, RuleAction action)
      implements Change {
    @Override
    public String toString() {
      return "remove %s rule %d (%s) from %s"
          .formatted(Change.word(direction), index, action, policy);
    }
  }

  /**
   * One rule more, for this connection only.
   *
   * @param traffic the protocol and port: {@code TCP port 80}
   * @param peer who is at the other end
   */
  record AddRule(PolicyRef policy, Direction direction, String traffic, String peer)
      implements Change {
    @Override
    public String toString() {
      return "add an %s rule to %s that allows %s %s %s"
          .formatted(
              Change.word(direction),
              policy,
              traffic,
              direction == Direction.INGRESS ? "from" : "to",
              peer);
    }
  }

  /** A first policy for an endpoint that none selects. */
  record AddPolicy(String namespace, String endpoint, Direction direction) implements Change {
    @Override
    public String toString() {
      return "add a NetworkPolicy to namespace %s that selects %s for %s and does not allow this"
          .formatted(namespace, endpoint, Change.word(direction));
    }
  }

  private static String word(Direction direction) {
    return direction.name().toLowerCase(Locale.ROOT);
  }
}
