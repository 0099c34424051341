package io.margay.network.bgp;

import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.BgpConfiguration;
import io.margay.model.resource.BgpFilter;
import io.margay.model.resource.BgpPeer;
import io.margay.model.resource.SecretKey;
import io.margay.model.selector.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which sessions a node has: of the mesh, and of BGPPeers. Pure. */
final class Sessions {
  private final BgpView cluster;
  private final BgpNode here;
  private final Collection<String> problems;

  /** By the peer's address: one session with each. */
  private final Map<IpAddress, Session> sessions = new TreeMap<>();

  private Sessions(BgpView cluster, BgpNode here, Collection<String> problems) {
    this.cluster = cluster;
    this.here = here;
    this.problems = problems;
  }

  /**
   * The sessions of a node.
   *
   * @throws IllegalArgumentException if the mesh's password cannot be had
   */
  static List<Session> of(BgpView cluster, BgpNode here, Collection<String> problems) {
    Sessions all = new Sessions(cluster, here, problems);
    if (cluster.configuration().mesh() && !here.isReflector()) {
      BgpConfiguration.Spec settings = cluster.configuration();
      Session.Options mesh =
          Session.Options.ofMesh(settings.meshRestart(), all.password(settings.meshPassword()));
      cluster.nodes().values().stream()
          .filter(node -> !node.isReflector())
          .forEach(node -> all.mesh(node, mesh));
    }
    // What is said of a peer explicitly goes before the mesh.
    cluster.peers().stream().filter(all::isOurs).forEach(all::peer);
    return List.copyOf(all.sessions.values());
  }

  private long asOf(BgpNode node) {
    return node.asNumber() == 0 ? cluster.configuration().asNumber() : node.asNumber();
  }

  /**
   * What a session is signed with; null for nothing.
   *
   * @throws IllegalArgumentException if it should be signed, and the password cannot be had
   */
  private @Nullable String password(@Nullable SecretKey reference) {
    return reference == null ? null : cluster.passwords().read(reference);
  }

  private void mesh(BgpNode node, Session.Options mesh) {
    addNode("Mesh", node, asOf(here), mesh);
  }

  private boolean isOurs(BgpPeer peer) {
    BgpPeer.Spec spec = peer.spec();
    if (!spec.unusable().isEmpty()) {
      problems.add("left out: " + spec.unusable());
      return false;
    }
    return spec.node().isEmpty()
        ? spec.nodeSelector() == null || spec.nodeSelector().matches(Labels.of(here.labels()))
        : spec.node().equals(here.place().name());
  }

  private void peer(BgpPeer peer) {
    BgpPeer.Spec spec = peer.spec();
    List<BgpFilter> filters = new ArrayList<>();
    for (String name : spec.filters()) {
      BgpFilter filter = cluster.filters().get(name);
      if (filter == null) {
        problems.add(peer.key() + " is left out: there is no BGPFilter " + name);
        return;
      }
      filters.add(filter);
    }
    Session.Options options;
    try {
      options = Session.Options.of(spec, password(spec.password()), filters);
    } catch (IllegalArgumentException e) {
      problems.add(peer.key() + " is left out: password: " + e.getMessage());
      return;
    }
    String kind = spec.node().isEmpty() && spec.nodeSelector() == null ? "Global" : "Node";
    long local = spec.localAs() == 0 ? asOf(here) : spec.localAs();
    IpAddress address = spec.peer();
    if (address == null) {
      for (BgpNode node : cluster.nodes().values()) {
        if (spec.peerSelector() != null && spec.peerSelector().matches(Labels.of(node.labels()))) {
          addNode(kind, node, local, options);
        }
      }
      return;
    }
    BgpNode known = nodeOf(address);
    add(
        kind,
        new Session(
            kind,
            spec.useNodeIp() ? here.address(address.family()) : null,
            local,
            address,
            spec.port() == 0 ? port(known) : spec.port(),
            spec.asNumber() == 0 ? cluster.configuration().asNumber() : spec.asNumber(),
            false,
            // A peer that is no node and of our AS is a client of this reflector.
            known == null ? here.clusterId() : reflects(known),
            known != null,
            options));
  }

  private int port(@Nullable BgpNode known) {
    return known == null ? 179 : cluster.configuration().listenPort();
  }

  private @Nullable BgpNode nodeOf(IpAddress address) {
    return cluster.nodes().values().stream()
        .filter(node -> address.equals(node.address(address.family())))
        .findFirst()
        .orElse(null);
  }

  /** Our cluster id if the node is our client: no reflector, or one of another cluster id. */
  private String reflects(BgpNode node) {
    return node.clusterId().equals(here.clusterId()) ? "" : here.clusterId();
  }

  private void addNode(String kind, BgpNode node, long local, Session.Options options) {
    if (node.place().name().equals(here.place().name())) {
      return;
    }
    for (IpFamily family : IpFamily.values()) {
      IpAddress own = here.address(family);
      IpAddress address = node.address(family);
      if (own != null && address != null) {
        add(
            kind,
            new Session(
                kind,
                own,
                local,
                address,
                cluster.configuration().listenPort(),
                asOf(node),
                // One of the two connects, or each would have to drop one of two connections.
                kind.equals("Mesh") && address.compareTo(own) > 0,
                reflects(node),
                true,
                options));
      }
    }
  }

  private void add(String kind, Session session) {
    if (session.local() != null && session.peer().equals(session.local())) {
      return;
    }
    String name = kind + "_" + session.peer().toString().replaceAll("[.:]", "_");
    sessions.put(
        session.peer(),
        new Session(
            name,
            session.local(),
            session.localAs(),
            session.peer(),
            session.port(),
            session.peerAs(),
            session.passive(),
            session.isInternal() ? session.reflectorId() : "",
            session.inCluster(),
            Objects.requireNonNull(session.options())));
  }
}
