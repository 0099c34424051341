package io.margay.model.resource;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An ordered group of policies. */
public record Tier(ObjectMeta metadata, Spec spec) implements Resource {
  public static final String KUBE_ADMIN = "kube-admin";
  public static final String DEFAULT = "default";
  public static final String KUBE_BASELINE = "kube-baseline";

  @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
  public Tier {
    spec = spec == null ? new Spec(null, RuleAction.DENY) : spec;
  }

  /** The tiers that exist without anyone having made them, with their fixed order and action. */
  public static List<Tier> builtIn() {
    return List.of(
        of(KUBE_ADMIN, 1_000, RuleAction.PASS),
        of(DEFAULT, 1_000_000, RuleAction.DENY),
        of(KUBE_BASELINE, 10_000_000, RuleAction.PASS));
  }

  private static Tier of(String name, double order, RuleAction defaultAction) {
    return new Tier(ObjectMeta.of("", name, Map.of()), new Spec(order, defaultAction));
  }

  @Override
  public Kind kind() {
    return Kind.TIER;
  }

  /**
   * The specification.
   *
   * @param order null sorts last
   * @param defaultAction Deny or Pass: what happens to traffic that no policy of the tier decides
   */
  public record Spec(@Nullable Double order, RuleAction defaultAction) {
    @SuppressWarnings("NullAway")
    public Spec {
      defaultAction = defaultAction == null ? RuleAction.DENY : defaultAction;
    }
  }
}
