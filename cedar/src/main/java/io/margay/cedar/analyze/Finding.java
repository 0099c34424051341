package io.margay.cedar.analyze;

import java.util.List;

/**
 * Something that is proven about a policy: it holds for every request and every store of entities
 * that conform to the schema.
 *
 * @param others the policies that make it so
 */
public record Finding(Kind kind, String policyId, List<String> others) {
  public Finding {
    others = List.copyOf(others);
  }

  public enum Kind {
    /** No request satisfies it. */
    NEVER_APPLIES,

    /** A permit without effect: the others allow all that it allows. */
    COVERED,

    /** A permit without effect: the others forbid all that it allows. */
    SILENCED
  }

  @Override
  public String toString() {
    return switch (kind) {
      case NEVER_APPLIES -> policyId + " can never apply";
      case COVERED -> policyId + " allows nothing that " + String.join(", ", others) + " do not";
      case SILENCED ->
          policyId + " allows nothing: " + String.join(", ", others) + " forbid it all";
    };
  }
}
