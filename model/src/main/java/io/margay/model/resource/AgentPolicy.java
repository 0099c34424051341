package io.margay.model.resource;

/** Cedar policies about agents, in a tier. */
public record AgentPolicy(ObjectMeta metadata, Spec spec) implements AgentResource {

  @Override
  public Kind kind() {
    return Kind.AGENT_POLICY;
  }

  /** Whether the policies decide, or are only tried beside those that do. */
  public enum Enforcement {
    ENFORCED,
    STAGED
  }

  /**
   * The specification. There is no order within a tier: Cedar's forbid wins over permit.
   *
   * @param tier the Tier resource to which the policies belong
   * @param cedar one policy or more
   * @param replaces of a staged policy: the enforced one in whose place it is tried; may be empty
   */
  public record Spec(String tier, String cedar, Enforcement enforcement, String replaces) {

    public boolean staged() {
      return enforcement == Enforcement.STAGED;
    }
  }
}
