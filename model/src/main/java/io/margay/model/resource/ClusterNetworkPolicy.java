package io.margay.model.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.margay.model.net.Cidr;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy. */
public record ClusterNetworkPolicy(ObjectMeta metadata, Spec spec) implements Resource {
  @Override
  public Kind kind() {
    return Kind.CLUSTER_NETWORK_POLICY;
  }

  /**
   * The specification.
   *
   * @param priority 0 to 1000, lower first
   */
  public record Spec(
      AdminTier tier,
      int priority,
      Subject subject,
      List<PolicyRule> ingress,
      List<PolicyRule> egress) {
    @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
    public Spec {
      ingress = ingress == null ? List.of() : List.copyOf(ingress);
      egress = egress == null ? List.of() : List.copyOf(egress);
    }
  }

  /** The two tiers of the API, before and after the developers' policies. */
  public enum AdminTier {
    @JsonProperty("Admin")
    ADMIN,
    @JsonProperty("Baseline")
    BASELINE
  }

  public enum Action {
    @JsonProperty("Accept")
    ACCEPT,
    @JsonProperty("Deny")
    DENY,
    @JsonProperty("Pass")
    PASS
  }

  /** Exactly one of the two is set. */
  public record Subject(@Nullable LabelSelector namespaces, @Nullable PodSelection pods) {}

  public record PodSelection(LabelSelector namespaceSelector, LabelSelector podSelector) {}

  /**
   * One rule.
   *
   * @param peers {@code from} of an ingress or {@code to} of an egress rule; never empty
   * @param protocols empty means every protocol
   */
  public record PolicyRule(
      String name, Action action, List<Peer> peers, List<ProtocolMatch> protocols) {
    @SuppressWarnings("NullAway")
    public PolicyRule {
      name = name == null ? "" : name;
      peers = peers == null ? List.of() : List.copyOf(peers);
      protocols = protocols == null ? List.of() : List.copyOf(protocols);
    }
  }

  /** A peer: exactly one form. */
  public sealed interface Peer {
    record Namespaces(LabelSelector selector) implements Peer {}

    record Pods(PodSelection selection) implements Peer {}

    record Networks(List<Cidr> nets) implements Peer {}

    record Nodes(LabelSelector selector) implements Peer {}

    record DomainNames(List<String> names) implements Peer {}

    /** A form that this version does not know, or that cannot be read. Fails closed. */
    record Unknown(String reason) implements Peer {}
  }

  /** A protocol and port match: one form. */
  public sealed interface ProtocolMatch {
    /** A protocol with an optional destination port range; null means every port. */
    record Ports(Protocol protocol, @Nullable PortRange destination) implements ProtocolMatch {}

    /** A port by the name that the destination's containers give it, whatever the protocol. */
    record NamedPort(String name) implements ProtocolMatch {}

    /** A form that this version does not know, or that cannot be read. Fails closed. */
    record Unknown(String reason) implements ProtocolMatch {}
  }
}
