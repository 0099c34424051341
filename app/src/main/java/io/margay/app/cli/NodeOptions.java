package io.margay.app.cli;

import io.margay.app.process.NodeProcess;
import io.margay.app.process.NodeRoutes;
import io.margay.app.process.Running;
import io.margay.app.process.TableObserver;
import io.margay.app.state.StateFolder;
import io.margay.dataplane.nftables.NftablesConfig;
import io.margay.dataplane.simulated.SimulatedDataplane;
import io.margay.flows.collect.FlowSink;
import io.margay.kernel.KernelException;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nft.NftException;
import io.margay.network.bgp.BgpController;
import io.margay.network.bgp.BgpPasswords;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which node a process enforces policy for, and how. */
public final class NodeOptions {
  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "The node's name in the cluster; this machine's name if not given.")
  private @Nullable String name;

  @Option(
      names = "--netns",
      paramLabel = "PATH",
      description = "Enforce in this network namespace, such as /run/netns/NAME, not in my own.")
  private @Nullable Path netns;

  @Option(
      names = "--dataplane",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
  private NodeDataplane dataplane = NodeDataplane.NFTABLES;

  @Option(
      names = "--routes",
      description = {
        "Program the routes too: to this node's pods, and to the blocks of other nodes by VXLAN or"
            + " on the subnet, as the IPPools say; masquerade where they say natOutgoing.",
        "Not beside another program that does so, such as Calico's node."
      })
  private boolean routes;

  @Option(
      names = "--bgp",
      description = {
        "Speak BGP as well, through BIRD 2, as BGPConfiguration, BGPPeers and BGPFilters say; it"
            + " makes the routes that need no tunnel. Needs --routes."
      })
  private boolean bgp;

  @Option(
      names = "--secrets",
      paramLabel = "DIR",
      description = {
        "Where Secrets with passwords for BGP are mounted: DIR/SECRET/KEY.",
        "A session whose password is not there is left out."
      })
  private @Nullable Path secrets;

  /** What enforces a node's policies. */
  public enum NodeDataplane {
    NFTABLES,
    /** Computes and shows everything, and enforces nothing. */
    SIMULATED
  }

  String name() {
    return nameOr(name, "--node");
  }

  /** The name that was given with an option, or else this machine's. */
  static String nameOr(@Nullable String given, String option) {
    if (given != null) {
      return given;
    }
    try {
      return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
    } catch (UnknownHostException e) {
      throw new CommandFailure("this machine's name is not known: say " + option + " NAME", e);
    }
  }

  /** The namespace in which the node's ends of the pods' cables are; the caller closes it. */
  NetworkNamespace namespace() {
    return netns == null ? NetworkNamespace.ofProcess() : NetworkNamespace.open(netns);
  }

  String dataplaneName() {
    return dataplane.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Makes the node's process, not yet started.
   *
   * @param running stops it at the end
   * @throws CommandFailure if the kernel does not permit it
   */
  NodeProcess process(Running running, FlowSink flows, TableObserver observer) {
    if (bgp && !routes) {
      throw new CommandFailure("--bgp needs --routes: say both");
    }
    String node = name();
    return running.add(
        switch (dataplane) {
          case NFTABLES -> nftables(node, running, flows, observer);
          case SIMULATED -> simulated(node, flows, observer);
        });
  }

  private NodeProcess simulated(String node, FlowSink flows, TableObserver observer) {
    if (routes) {
      throw new CommandFailure("--routes changes the kernel: say --dataplane nftables with it");
    }
    return new NodeProcess(
        node,
        new SimulatedDataplane(node, link -> link.startsWith("cali"), flows, Clock.systemUTC()),
        flows,
        observer);
  }

  private NodeRoutes.@Nullable Bgp bgp(String node) {
    if (!bgp) {
      return null;
    }
    Path program =
        BgpController.program()
            .orElseThrow(() ->
                new CommandFailure("--bgp needs BIRD 2: apt-get install bird2, and try again"));
    return new NodeRoutes.Bgp(
        program,
        StateFolder.ofUser().bgp(node),
        secrets == null ? BgpPasswords.none() : BgpPasswords.in(secrets));
  }

  private NodeProcess nftables(
      String node, Running running, FlowSink flows, TableObserver observer) {
    try {
      NetworkNamespace namespace = running.add(namespace());
      NodeProcess process =
          NodeProcess.nftables(NftablesConfig.defaults(node), namespace, flows, observer);
      if (routes) {
        NodeRoutes.keep(process, node, namespace, bgp(node));
      }
      return process;
    } catch (KernelException | NftException e) {
      throw new CommandFailure(
          "nftables cannot be used "
              + (netns == null ? "here" : "in " + netns)
              + ": "
              + e.getMessage()
              + "; run as root (./margay doctor tells more)",
          e);
    }
  }
}
