package io.margay.policy.proof;

import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Stage;
import io.margay.model.verdict.Verdict;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.table.EndpointGroup;
import io.margay.policy.table.Judge;
import io.margay.policy.table.JudgedEndpoint;
import io.margay.policy.table.PortTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;

/** What one set of tables says of places and of the traffic between them. Not changed once made. */
final class View {
  /** The stages that an endpoint's own traffic passes, in order, as the path decider asks them. */
  private static final Map<Direction, List<Stage>> STAGES = new EnumMap<>(Direction.class);

  static {
    STAGES.put(Direction.EGRESS, List.of(Stage.UNTRACKED, Stage.NORMAL));
    STAGES.put(Direction.INGRESS, List.of(Stage.UNTRACKED, Stage.PRE_DNAT, Stage.NORMAL));
  }

  private final DecisionTables tables;
  private final boolean pending;
  private final Map<Integer, EndpointGroup> groups;

  /**
   * All that the tables know of a place: two places with the same standing are judged alike.
   *
   * @param egress the groups that judge what it sends, in order
   * @param ingress the groups that judge what it receives
   */
  record Standing(int peerClass, List<Integer> egress, List<Integer> ingress) {}

  /**
   * A view of tables.
   *
   * @param pending whether staged policies are taken as enforced
   */
  View(DecisionTables tables, boolean pending) {
    this.tables = tables;
    this.pending = pending;
    this.groups = tables.groups();
  }

  Standing standing(Place place) {
    int peerClass = tables.peerClass(place.address());
    return new Standing(
        peerClass,
        groups(place, peerClass, Direction.EGRESS),
        groups(place, peerClass, Direction.INGRESS));
  }

  private List<Integer> groups(Place place, int localClass, Direction direction) {
    JudgedEndpoint endpoint =
        place.endpoint() == null ? null : tables.endpoints().get(place.endpoint());
    if (endpoint == null || !has(endpoint, place.address())) {
      return List.of();
    }
    List<Integer> found = new ArrayList<>();
    for (Stage stage : Objects.requireNonNull(STAGES.get(direction))) {
      Judge judge = endpoint.judge(direction, stage);
      if (judge != null) {
        found.add(judge.group(localClass));
      }
    }
    return found;
  }

  /** In another state the address may be nobody's; a host may have addresses that none lists. */
  static boolean has(JudgedEndpoint endpoint, IpAddress address) {
    return endpoint.addresses().isEmpty() || endpoint.addresses().contains(address);
  }

  /** The port tables that decide between two places: those of the source, then the others. */
  Way way(Standing from, Standing to) {
    return new Way(
        from.egress().stream().map(group -> table(group, to)).toList(),
        to.ingress().stream().map(group -> table(group, from)).toList());
  }

  private int table(int group, Standing remote) {
    return Objects.requireNonNull(groups.get(group)).table(remote.peerClass());
  }

  /** Ids of port tables, in the order in which they are asked. */
  record Way(List<Integer> egress, List<Integer> ingress) {}

  boolean allows(Way way, Protocol protocol, int sourcePort, int destinationPort) {
    return allows(way.egress(), protocol, sourcePort, destinationPort)
        && allows(way.ingress(), protocol, sourcePort, destinationPort);
  }

  /** What every stage lets pass on is allowed. */
  private boolean allows(List<Integer> stages, Protocol protocol, int from, int to) {
    for (int id : stages) {
      int outcome = portTable(id).outcome(protocol, from, to);
      switch (verdict(Objects.requireNonNull(tables.outcomes().get(outcome)))) {
        case ALLOW -> {
          return true;
        }
        case DENY -> {
          return false;
        }
        case CONTINUE -> {}
      }
    }
    return true;
  }

  private Verdict verdict(Outcome outcome) {
    return pending ? outcome.pending() : outcome.verdict();
  }

  /** Adds the protocols that are told apart on the way. */
  void protocols(Way way, NavigableSet<Protocol> into) {
    for (PortTable table : portTables(way)) {
      table.protocols().forEach(cells -> into.add(cells.protocol()));
    }
  }

  /** Adds the ports at which something begins or ends on the way. */
  void cuts(Way way, Protocol protocol, NavigableSet<Integer> from, NavigableSet<Integer> to) {
    for (PortTable table : portTables(way)) {
      for (PortTable.ProtocolCells cells : table.protocols()) {
        if (cells.protocol().equals(protocol)) {
          for (PortTable.Cell cell : cells.cells()) {
            PortCuts.add(cell.source(), from);
            PortCuts.add(cell.destination(), to);
          }
        }
      }
    }
  }

  private List<PortTable> portTables(Way way) {
    List<PortTable> all = new ArrayList<>();
    way.egress().forEach(id -> all.add(portTable(id)));
    way.ingress().forEach(id -> all.add(portTable(id)));
    return all;
  }

  private PortTable portTable(int id) {
    return Objects.requireNonNull(tables.portTables().get(id));
  }
}
