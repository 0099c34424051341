package io.margay.dataplane.nftables;

import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import io.margay.policy.table.JudgedEndpoint.Point;

/** The places in the packet path where host endpoints judge. */
enum HostSite {
  FROM_HOST_UNTRACKED("from_host_untracked", Direction.INGRESS, Stage.UNTRACKED),
  TO_HOST_UNTRACKED("to_host_untracked", Direction.EGRESS, Stage.UNTRACKED),
  FROM_HOST_PRE_DNAT("from_host_pre_dnat", Direction.INGRESS, Stage.PRE_DNAT),
  FROM_HOST("from_host", Direction.INGRESS, Stage.NORMAL),
  TO_HOST("to_host", Direction.EGRESS, Stage.NORMAL),
  FROM_HOST_FORWARD("from_host_forward", Direction.INGRESS, Stage.FORWARD),
  TO_HOST_FORWARD("to_host_forward", Direction.EGRESS, Stage.FORWARD);

  private final String chain;
  private final Point point;

  HostSite(String chain, Direction direction, Stage stage) {
    this.chain = chain;
    this.point = new Point(direction, stage);
  }

  /** The chain that judges here. Traffic enters a host from an endpoint's interface: ingress. */
  String chain() {
    return chain;
  }

  Point point() {
    return point;
  }

  /** The map from interface to group, or {@link Layout#NOT_JUDGED}. */
  String groups() {
    return chain + "_groups";
  }

  /** Untracked policies are for named interfaces only, as in Calico. */
  boolean appliesToAllInterfaces() {
    return point.stage() != Stage.UNTRACKED;
  }

  boolean ingress() {
    return point.direction() == Direction.INGRESS;
  }
}
