package io.margay.model.resource;

import java.util.List;
import java.util.Map;

/** A Kubernetes label selector. Empty selects everything. */
public record LabelSelector(Map<String, String> matchLabels, List<Requirement> matchExpressions) {
  @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
  public LabelSelector {
    matchLabels = matchLabels == null ? Map.of() : Map.copyOf(matchLabels);
    matchExpressions = matchExpressions == null ? List.of() : List.copyOf(matchExpressions);
  }

  /**
   * One requirement.
   *
   * @param operator In, NotIn, Exists or DoesNotExist
   */
  public record Requirement(String key, String operator, List<String> values) {
    @SuppressWarnings("NullAway")
    public Requirement {
      values = values == null ? List.of() : List.copyOf(values);
    }
  }
}
