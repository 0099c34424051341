package io.margay.model.resource;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An agent: who answers for it, what it is for, and by what identity it is known. */
public record Agent(ObjectMeta metadata, Spec spec) implements AgentResource {

  @Override
  public Kind kind() {
    return Kind.AGENT;
  }

  /** How much harm an agent can do. What cannot be read counts as the highest. */
  public enum RiskLevel {
    LOW,
    MEDIUM,
    HIGH
  }

  /**
   * The specification.
   *
   * @param owner the person who answers for the agent; empty only where that could not be read
   * @param capabilities what it is able to do, in the words of its organisation
   * @param environment such as {@code production}
   * @param spiffeId by which it authenticates; empty for that of its pods' service account, or,
   *     without a workload, the one that follows from its name
   * @param workload the pods that it runs in; null when nothing is said about them
   * @param a2a how other agents reach it; null when they do not
   */
  public record Spec(
      String owner,
      String team,
      String purpose,
      RiskLevel riskLevel,
      Set<String> capabilities,
      String environment,
      String version,
      String spiffeId,
      @Nullable Workload workload,
      @Nullable A2a a2a) {

    public Spec {
      capabilities = Set.copyOf(capabilities);
    }
  }

  /**
   * The pods that an agent runs in.
   *
   * @param podSelector selects by their labels
   */
  public record Workload(String namespace, LabelSelector podSelector) {}

  /**
   * Where an agent takes calls of other agents.
   *
   * @param url of its A2A endpoint
   * @param card where its card stands; empty for the well-known place below the URL
   * @param caBundle who vouches for it; empty for the public authorities
   */
  public record A2a(String url, String card, Optional<CaBundle> caBundle) {}
}
