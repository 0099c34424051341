package io.margay.model.resource;

import io.margay.model.net.Cidr;
import io.margay.model.net.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A networking.k8s.io/v1 NetworkPolicy. */
public record KubernetesNetworkPolicy(ObjectMeta metadata, Spec spec) implements Resource {
  @Override
  public Kind kind() {
    return Kind.KUBERNETES_NETWORK_POLICY;
  }

  /**
   * The specification, shared with {@link StagedKubernetesNetworkPolicy}.
   *
   * @param podSelector null is read as empty: every pod of the namespace
   * @param policyTypes after defaulting: never empty
   */
  public record Spec(
      @Nullable LabelSelector podSelector,
      List<PolicyRule> ingress,
      List<PolicyRule> egress,
      List<PolicyType> policyTypes) {
    @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
    public Spec {
      ingress = ingress == null ? List.of() : List.copyOf(ingress);
      egress = egress == null ? List.of() : List.copyOf(egress);
      if (policyTypes == null || policyTypes.isEmpty()) {
        policyTypes =
            egress.isEmpty()
                ? List.of(PolicyType.INGRESS)
                : List.of(PolicyType.INGRESS, PolicyType.EGRESS);
      }
      policyTypes = List.copyOf(policyTypes);
    }
  }

  /**
   * One allow rule.
   *
   * @param peers {@code from} of an ingress or {@code to} of an egress rule; empty means anywhere
   * @param ports empty means every protocol and port
   */
  public record PolicyRule(List<Peer> peers, List<Port> ports) {
    @SuppressWarnings("NullAway")
    public PolicyRule {
      peers = peers == null ? List.of() : List.copyOf(peers);
      ports = ports == null ? List.of() : List.copyOf(ports);
    }
  }

  /**
   * One peer.
   *
   * @param unparseable why the peer cannot be read; such a peer matches nothing
   */
  public record Peer(
      @Nullable LabelSelector podSelector,
      @Nullable LabelSelector namespaceSelector,
      @Nullable IpBlock ipBlock,
      @Nullable String unparseable) {}

  public record IpBlock(Cidr cidr, List<Cidr> except) {
    @SuppressWarnings("NullAway")
    public IpBlock {
      except = except == null ? List.of() : List.copyOf(except);
    }
  }

  /**
   * One port entry.
   *
   * @param port a number or the name of a container port; null means every port of the protocol
   * @param endPort the end of a range that {@code port} starts
   * @param unparseable why the entry cannot be read; such an entry matches nothing
   */
  public record Port(
      Protocol protocol,
      @Nullable String port,
      @Nullable Integer endPort,
      @Nullable String unparseable) {
    @SuppressWarnings("NullAway")
    public Port {
      protocol = protocol == null ? Protocol.TCP : protocol;
    }
  }
}
