package io.margay.dataplane;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Stage;
import io.margay.model.verdict.Verdict;
import io.margay.policy.table.EndpointGroup;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.Judge;
import io.margay.policy.table.JudgedEndpoint;
import io.margay.policy.table.JudgedEndpoint.Point;
import io.margay.policy.table.PortTable;
import io.margay.policy.table.PortTable.Cell;
import io.margay.policy.table.PortTable.ProtocolCells;
import io.margay.policy.table.TableDelta;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects a table delta by hand, with ids that tests choose. */
public final class Deltas {
  private final Map<Integer, Outcome> outcomes = new HashMap<>();
  private final Map<Integer, PortTable> portTables = new HashMap<>();
  private final Map<Integer, EndpointGroup> groups = new HashMap<>();
  private final Map<Cidr, Integer> classes = new HashMap<>();
  private final Set<Cidr> classesRemoved = new HashSet<>();
  private final Map<EndpointId, JudgedEndpoint> endpoints = new HashMap<>();
  private final Set<EndpointId> endpointsRemoved = new HashSet<>();
  private final Set<Integer> outcomesRemoved = new HashSet<>();
  private final Set<Integer> portTablesRemoved = new HashSet<>();
  private final Set<Integer> groupsRemoved = new HashSet<>();

  public static final int ALLOW = 1;
  public static final int DENY = 2;

  /** Both verdicts as outcomes and port tables 1 and 2, and class 1 for every address. */
  public static Deltas basic() {
    return new Deltas()
        .outcome(ALLOW, Verdict.ALLOW)
        .outcome(DENY, Verdict.DENY)
        .portTable(ALLOW, new PortTable(List.of(), ALLOW))
        .portTable(DENY, new PortTable(List.of(), DENY))
        .peerClass("0.0.0.0/0", 1)
        .peerClass("::/0", 1);
  }

  public Deltas outcome(int id, Verdict verdict) {
    outcomes.put(
        id, new Outcome(verdict, List.of(Hit.endOfProfiles()), verdict, List.of(), List.of()));
    return this;
  }

  public Deltas portTable(int id, PortTable table) {
    portTables.put(id, table);
    return this;
  }

  /** A table that has one outcome for some TCP ports and another for all else. */
  public Deltas tcpTable(int id, PortRange ports, int inside, int outside) {
    List<Cell> cells = new java.util.ArrayList<>();
    if (ports.first() > 0) {
      cells.add(new Cell(PortRange.ALL, new PortRange(0, ports.first() - 1), outside));
    }
    cells.add(new Cell(PortRange.ALL, ports, inside));
    if (ports.last() < 65535) {
      cells.add(new Cell(PortRange.ALL, new PortRange(ports.last() + 1, 65535), outside));
    }
    return portTable(id, new PortTable(List.of(new ProtocolCells(Protocol.TCP, cells)), outside));
  }

  public Deltas group(
      int id, Direction direction, Stage stage, int usual, Map<Integer, Integer> tables) {
    groups.put(id, new EndpointGroup(direction, stage, usual, tables));
    return this;
  }

  public Deltas workloadGroup(
      int id, Direction direction, int usual, Map<Integer, Integer> tables) {
    return group(id, direction, Stage.NORMAL, usual, tables);
  }

  public Deltas peerClass(String prefix, int peerClass) {
    classes.put(Cidr.parse(prefix), peerClass);
    return this;
  }

  public Deltas removePeerClass(String prefix) {
    classesRemoved.add(Cidr.parse(prefix));
    return this;
  }

  public Deltas workload(
      String name, String interfaceName, int egress, int ingress, String... addresses) {
    EndpointId id = EndpointId.pod("test", name);
    endpoints.put(
        id,
        new JudgedEndpoint(
            id,
            interfaceName,
            List.of(addresses).stream().map(IpAddress::parse).toList(),
            Map.of(
                new Point(Direction.EGRESS, Stage.NORMAL), Judge.always(egress),
                new Point(Direction.INGRESS, Stage.NORMAL), Judge.always(ingress))));
    return this;
  }

  public Deltas removeWorkload(String name) {
    endpointsRemoved.add(EndpointId.pod("test", name));
    return this;
  }

  public Deltas host(
      String name, String interfaceName, Map<Point, Judge> judges, String... addresses) {
    EndpointId id = EndpointId.host(name);
    endpoints.put(
        id,
        new JudgedEndpoint(
            id, interfaceName, List.of(addresses).stream().map(IpAddress::parse).toList(), judges));
    return this;
  }

  public Deltas removeOutcome(int id) {
    outcomesRemoved.add(id);
    return this;
  }

  public Deltas removePortTable(int id) {
    portTablesRemoved.add(id);
    return this;
  }

  public Deltas removeGroup(int id) {
    groupsRemoved.add(id);
    return this;
  }

  public TableDelta delta() {
    return new TableDelta(
        outcomes,
        outcomesRemoved,
        portTables,
        portTablesRemoved,
        groups,
        Map.of(),
        groupsRemoved,
        classes,
        classesRemoved,
        endpoints,
        endpointsRemoved);
  }

  public static TableDelta nothing() {
    return new Deltas().delta();
  }
}
