package io.margay.policy.convert;

import io.margay.model.resource.ResourceKey;
import io.margay.model.selector.Selector;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Stage;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy of any API in the form that the engine evaluates.
 *
 * @param source the API object from which it comes
 * @param order null sorts last in the tier
 * @param subject selects the endpoints that the policy governs
 */
public record Policy(
    PolicyRef ref,
    ResourceKey source,
    @Nullable Double order,
    Selector subject,
    boolean governsIngress,
    boolean governsEgress,
    List<MatchRule> ingress,
    List<MatchRule> egress,
    HostUse hostUse) {

  /** Where on host endpoints the policy applies. */
  public enum HostUse {
    NORMAL,
    APPLY_ON_FORWARD,
    PRE_DNAT,
    DO_NOT_TRACK
  }

  /**
   * Calico's order within a tier: by order, then by the text {@code name/namespace/kind}. The text
   * is compared as a whole, so that a shorter name does not always come first.
   */
  public static final Comparator<Policy> ORDER_IN_TIER =
      Comparator.<Policy>comparingDouble(p -> p.order == null ? Double.POSITIVE_INFINITY : p.order)
          .thenComparing(Policy::compareTexts);

  private static int compareTexts(Policy one, Policy other) {
    String name = one.ref.name();
    int shorter = Math.min(name.length(), other.ref.name().length());
    // Thousands are sorted for each change, and most differ in their names: no text is made.
    for (int i = 0; i < shorter; i++) {
      if (name.charAt(i) != other.ref.name().charAt(i)) {
        return name.charAt(i) - other.ref.name().charAt(i);
      }
    }
    return one.text().compareTo(other.text());
  }

  private String text() {
    return ref.name() + "/" + ref.namespace() + "/" + ref.kind().vectorName();
  }

  public Policy {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  public boolean staged() {
    return ref.kind().staged();
  }

  public boolean governs(Direction direction) {
    return switch (direction) {
      case INGRESS -> governsIngress;
      case EGRESS -> governsEgress;
    };
  }

  public List<MatchRule> rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  /** Whether the policy is among those that judge at this stage. Pods only know NORMAL. */
  public boolean judgesAt(Stage stage) {
    return switch (stage) {
      case NORMAL -> hostUse == HostUse.NORMAL || hostUse == HostUse.APPLY_ON_FORWARD;
      case FORWARD -> hostUse == HostUse.APPLY_ON_FORWARD;
      case PRE_DNAT -> hostUse == HostUse.PRE_DNAT;
      case UNTRACKED -> hostUse == HostUse.DO_NOT_TRACK;
    };
  }
}
