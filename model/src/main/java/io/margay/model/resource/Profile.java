package io.margay.model.resource;

import java.util.List;
import java.util.Map;

/** Rules and labels for the endpoints that name the profile, after all tiers. */
public record Profile(ObjectMeta metadata, Spec spec) implements Resource {
  @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
  public Profile {
    spec = spec == null ? new Spec(List.of(), List.of(), Map.of()) : spec;
  }

  @Override
  public Kind kind() {
    return Kind.PROFILE;
  }

  public record Spec(List<Rule> ingress, List<Rule> egress, Map<String, String> labelsToApply) {
    @SuppressWarnings("NullAway")
    public Spec {
      ingress = ingress == null ? List.of() : List.copyOf(ingress);
      egress = egress == null ? List.of() : List.copyOf(egress);
      labelsToApply = labelsToApply == null ? Map.of() : Shared.of(labelsToApply);
    }
  }
}
