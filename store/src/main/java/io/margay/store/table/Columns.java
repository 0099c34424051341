package io.margay.store.table;

import io.margay.model.resource.Kind;
import java.util.List;

/** The columns that users of kubectl and calicoctl expect, for each kind; the name comes first. */
public final class Columns {
  private Columns() {}

  public static List<Column> of(Kind kind) {
    return switch (kind) {
      case NAMESPACE -> List.of(Column.NAME, Column.at("Status", "/status/phase"), Column.AGE);
      case NODE ->
          List.of(
              Column.NAME,
              Column.of("Status", Cells::nodeStatus),
              Column.of("Roles", Cells::nodeRoles),
              Column.AGE,
              Column.at("Version", "/status/nodeInfo/kubeletVersion"),
              Column.wide("Internal-IP", Cells::nodeAddress));
      case POD ->
          List.of(
              Column.NAME,
              Column.of("Ready", Cells::readyContainers),
              Column.of("Status", Cells::podStatus),
              Column.of("Restarts", Cells::restarts),
              Column.AGE,
              Column.wide("IP", o -> Cells.items(o.at("/status/podIPs"), "ip")),
              Column.wideAt("Node", "/spec/nodeName"));
      case SERVICE_ACCOUNT ->
          List.of(
              Column.NAME,
              Column.of("Secrets", o -> Integer.toString(o.path("secrets").size())),
              Column.AGE);
      case SERVICE ->
          List.of(
              Column.NAME,
              Column.of("Type", o -> o.path("spec").path("type").asText("ClusterIP")),
              Column.at("Cluster-IP", "/spec/clusterIP"),
              Column.at("External-IP", "/spec/externalIPs"),
              Column.of("Port(s)", Cells::servicePorts),
              Column.AGE,
              Column.wide("Selector", o -> Cells.labels(o.at("/spec/selector"))));
      case ENDPOINT_SLICE ->
          List.of(
              Column.NAME,
              Column.at("AddressType", "/addressType"),
              Column.of("Ports", o -> Cells.items(o.path("ports"), "port")),
              Column.of("Endpoints", Cells::sliceAddresses),
              Column.AGE);
      case KUBERNETES_NETWORK_POLICY ->
          List.of(
              Column.NAME,
              Column.of("Pod-Selector", o -> Cells.labelSelector(o.at("/spec/podSelector"))),
              Column.AGE);
      case CLUSTER_NETWORK_POLICY ->
          List.of(
              Column.NAME,
              Column.at("Tier", "/spec/tier"),
              Column.at("Priority", "/spec/priority"),
              Column.AGE);
      case TIER ->
          List.of(
              Column.NAME,
              Column.at("Order", "/spec/order"),
              Column.at("DefaultAction", "/spec/defaultAction"),
              Column.AGE);
      case NETWORK_POLICY, GLOBAL_NETWORK_POLICY ->
          List.of(
              Column.NAME,
              Column.at("Tier", "/spec/tier"),
              Column.at("Order", "/spec/order"),
              Column.AGE,
              Column.wideAt("Selector", "/spec/selector"),
              Column.wideAt("Types", "/spec/types"));
      case STAGED_NETWORK_POLICY, STAGED_GLOBAL_NETWORK_POLICY ->
          List.of(
              Column.NAME,
              Column.at("Tier", "/spec/tier"),
              Column.at("Order", "/spec/order"),
              Column.at("Action", "/spec/stagedAction"),
              Column.AGE,
              Column.wideAt("Selector", "/spec/selector"),
              Column.wideAt("Types", "/spec/types"));
      case STAGED_KUBERNETES_NETWORK_POLICY ->
          List.of(
              Column.NAME,
              Column.of("Pod-Selector", o -> Cells.labelSelector(o.at("/spec/podSelector"))),
              Column.at("Action", "/spec/stagedAction"),
              Column.AGE);
      case NETWORK_SET, GLOBAL_NETWORK_SET ->
          List.of(
              Column.NAME,
              Column.of("Count", o -> Integer.toString(o.at("/spec/nets").size())),
              Column.AGE,
              Column.wide("Nets", o -> Cells.shortened(o.at("/spec/nets"))));
      case HOST_ENDPOINT ->
          List.of(
              Column.NAME,
              Column.at("Node", "/spec/node"),
              Column.at("Interface", "/spec/interfaceName"),
              Column.AGE,
              Column.wideAt("IPs", "/spec/expectedIPs"),
              Column.wideAt("Profiles", "/spec/profiles"));
      case PROFILE -> List.of(Column.NAME, Column.AGE);
      case IP_POOL ->
          List.of(
              Column.NAME,
              Column.at("CIDR", "/spec/cidr"),
              Column.at("Disabled", "/spec/disabled"),
              Column.AGE,
              Column.wideAt("Block-Size", "/spec/blockSize"),
              Column.wideAt("Selector", "/spec/nodeSelector"));
      case IP_RESERVATION ->
          List.of(Column.NAME, Column.at("CIDRs", "/spec/reservedCIDRs"), Column.AGE);
      case IPAM_CONFIGURATION ->
          List.of(Column.NAME, Column.at("Strict-Affinity", "/spec/strictAffinity"), Column.AGE);
      case BLOCK_AFFINITY ->
          List.of(
              Column.NAME,
              Column.at("CIDR", "/spec/cidr"),
              Column.at("Node", "/spec/node"),
              Column.at("State", "/spec/state"),
              Column.AGE);
      case IPAM_BLOCK ->
          List.of(
              Column.NAME,
              Column.at("CIDR", "/spec/cidr"),
              Column.at("Affinity", "/spec/affinity"),
              Column.AGE);
      case BGP_CONFIGURATION -> List.of(Column.NAME, Column.at("AS", "/spec/asNumber"), Column.AGE);
      case BGP_PEER ->
          List.of(
              Column.NAME,
              Column.at("Peer", "/spec/peerIP"),
              Column.at("AS", "/spec/asNumber"),
              Column.AGE,
              Column.wideAt("Node", "/spec/node"),
              Column.wideAt("Node-Selector", "/spec/nodeSelector"),
              Column.wideAt("Peer-Selector", "/spec/peerSelector"));
      case BGP_FILTER -> List.of(Column.NAME, Column.AGE);
      case IPAM_HANDLE -> List.of(Column.NAME, Column.at("Handle", "/spec/handleID"), Column.AGE);
      case POLICY_ASSERTION -> WorkbenchColumns.assertion();
      case POLICY_RECOMMENDATION_SCOPE -> WorkbenchColumns.recommendationScope();
      case AGENT,
          TOOL_SERVER,
          MODEL_PROVIDER,
          TOOL_SET,
          AGENT_GROUP,
          AGENT_POLICY,
          AGENT_HALT,
          BUDGET,
          APPROVAL ->
          AgentColumns.of(kind);
      case VIRTUAL_MACHINE -> List.of(Column.NAME, Column.AGE);
      case VIRTUAL_MACHINE_INSTANCE ->
          List.of(
              Column.NAME,
              Column.AGE,
              Column.at("Phase", "/status/phase"),
              Column.at("NodeName", "/status/nodeName"));
      case VIRTUAL_MACHINE_INSTANCE_MIGRATION ->
          List.of(
              Column.NAME,
              Column.at("Phase", "/status/phase"),
              Column.at("VMI", "/spec/vmiName"),
              Column.AGE);
      case LIVE_MIGRATION ->
          List.of(
              Column.NAME,
              Column.at("Machine", "/spec/machine/name"),
              Column.at("Source", "/spec/source/node"),
              Column.at("Target", "/spec/target/node"),
              Column.at("Phase", "/status/phase"),
              Column.at("Gap", "/status/gapMillis"),
              Column.AGE,
              Column.wideAt("Owner", "/status/owner"),
              Column.wideAt("Reason", "/status/reason"));
    };
  }
}
