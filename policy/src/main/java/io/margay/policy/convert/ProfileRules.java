package io.margay.policy.convert;

import io.margay.model.manifest.Problem;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.Profile;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.ServiceAccount;
import io.margay.model.verdict.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A profile in normal form: rules that apply after all tiers, and labels that the endpoints inherit
 * which name it.
 */
public record ProfileRules(
    String name,
    Map<String, String> labels,
    List<MatchRule> ingress,
    List<MatchRule> egress,
    List<Problem> problems) {
  private static final List<MatchRule> ALLOW_ALL = List.of(MatchRule.any(0, RuleAction.ALLOW));

  public ProfileRules {
    labels = Map.copyOf(labels);
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
    problems = List.copyOf(problems);
  }

  public static ProfileRules of(Profile profile) {
    List<Problem> problems = new ArrayList<>();
    return new ProfileRules(
        profile.metadata().name(),
        profile.spec().labelsToApply(),
        CalicoConversion.profileRules(
            profile.key(), profile.spec().ingress(), "spec.ingress", problems),
        CalicoConversion.profileRules(
            profile.key(), profile.spec().egress(), "spec.egress", problems),
        problems);
  }

  /** The profile of a namespace allows all: pods without policies are open. */
  public static ProfileRules of(Namespace namespace) {
    String name = namespace.metadata().name();
    return new ProfileRules(
        CalicoLabels.namespaceProfile(name),
        inherited(CalicoLabels.NAMESPACE_PREFIX, namespace.metadata().labels(), name),
        ALLOW_ALL,
        ALLOW_ALL,
        List.of());
  }

  /** The profile of a service account only gives labels. */
  public static ProfileRules of(ServiceAccount account) {
    String name = account.metadata().name();
    return new ProfileRules(
        CalicoLabels.serviceAccountProfile(account.metadata().namespace(), name),
        inherited(CalicoLabels.SERVICE_ACCOUNT_PREFIX, account.metadata().labels(), name),
        List.of(),
        List.of(),
        List.of());
  }

  public List<MatchRule> rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  private static Map<String, String> inherited(
      String prefix, Map<String, String> labels, String name) {
    Map<String, String> inherited = new TreeMap<>();
    labels.forEach((key, value) -> inherited.put(prefix + key, value));
    inherited.put(prefix + CalicoLabels.NAME, name);
    return inherited;
  }
}
