package io.margay.policy.proof;

import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.table.Judge;
import io.margay.policy.table.JudgedEndpoint;
import io.margay.policy.table.PortTable;
import it.unimi.dsi.fastutil.ints.Int2IntMap;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
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
  private final Shapes shapes;

  /** The shapes of groups, by the groups' ids. */
  private final Int2IntMap groups = new Int2IntOpenHashMap();

  /**
   * All that the tables know of a place as one end of traffic: places with the same standing are
   * judged alike at that end, in this view and in others of the same shapes.
   *
   * @param groups the shapes of those that judge there, in order
   */
  record Standing(int peerClass, List<Integer> groups) {}

  /**
   * A view of tables.
   *
   * @param pending whether staged policies are taken as enforced
   * @param shapes the same for all views that are compared
   */
  View(DecisionTables tables, boolean pending, Shapes shapes) {
    this.tables = tables;
    this.shapes = shapes;
    Int2IntMap ofTables = new Int2IntOpenHashMap();
    tables
        .portTables()
        .forEach((id, table) ->
            ofTables.put(
                id.intValue(),
                shapes.table(
                    table, o -> Objects.requireNonNull(tables.outcomes().get(o)), pending)));
    tables
        .groups()
        .forEach((id, group) -> groups.put(id.intValue(), shapes.group(group, ofTables)));
  }

  /** The standing of what sends (egress) or receives (ingress). */
  Standing standing(Place place, Direction direction) {
    int peerClass = tables.peerClass(place.address());
    return new Standing(peerClass, groups(place, peerClass, direction));
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
        found.add(groups.get(judge.group(localClass)));
      }
    }
    return found;
  }

  /** In another state the address may be nobody's; a host may have addresses that none lists. */
  static boolean has(JudgedEndpoint endpoint, IpAddress address) {
    return endpoint.addresses().isEmpty() || endpoint.addresses().contains(address);
  }

  /** The port tables that decide between a source and a destination. */
  Way way(Standing from, Standing to) {
    return new Way(
        portTables(from.groups(), to.peerClass()), portTables(to.groups(), from.peerClass()));
  }

  /** The shapes of the port tables with which groups judge traffic from or to a class. */
  List<Integer> portTables(List<Integer> judging, int remote) {
    if (judging.size() == 1) {
      return List.of(shapes.table(judging.getFirst(), remote));
    }
    return judging.stream().map(group -> shapes.table(group, remote)).toList();
  }

  /** Shapes of port tables, in the order in which they are asked. */
  record Way(List<Integer> egress, List<Integer> ingress) {}

  boolean allows(Way way, Protocol protocol, int sourcePort, int destinationPort) {
    return allows(way.egress(), protocol, sourcePort, destinationPort)
        && allows(way.ingress(), protocol, sourcePort, destinationPort);
  }

  /** What every stage lets pass on is allowed. */
  private boolean allows(List<Integer> stages, Protocol protocol, int from, int to) {
    for (int table : stages) {
      switch (shapes.verdict(table, protocol, from, to)) {
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
    way.egress().forEach(table -> all.add(shapes.table(table)));
    way.ingress().forEach(table -> all.add(shapes.table(table)));
    return all;
  }
}
