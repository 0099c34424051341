package io.margay.policy.table;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Stage;
import it.unimi.dsi.fastutil.ints.Int2IntMap;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A reader's own copy of the decision tables, kept current by applying deltas. Not thread-safe: it
 * belongs to the thread that applies.
 */
public final class DecisionTables {
  private final Map<Integer, Outcome> outcomes = new HashMap<>();
  private final Map<Integer, PortTable> portTables = new HashMap<>();
  private final Map<Integer, Group> groups = new HashMap<>();
  private final NavigableMap<Cidr, Integer> classes = new TreeMap<>();
  private final Map<EndpointId, JudgedEndpoint> endpoints = new HashMap<>();

  /** An {@link EndpointGroup} whose tables can be edited: there may be as many as classes. */
  private record Group(Direction direction, Stage stage, int usual, Int2IntMap tables) {
    static Group of(EndpointGroup group) {
      return new Group(
          group.direction(), group.stage(), group.usual(), new Int2IntOpenHashMap(group.tables()));
    }

    void edit(GroupEdit edit) {
      edit.removed().forEach(tables::remove);
      tables.putAll(edit.set());
    }

    EndpointGroup toEndpointGroup() {
      return new EndpointGroup(direction, stage, usual, tables);
    }
  }

  public void apply(TableDelta delta) {
    delta.endpointsRemoved().forEach(endpoints::remove);
    delta.classesRemoved().forEach(classes::remove);
    delta.groupsRemoved().forEach(groups::remove);
    delta.portTablesRemoved().forEach(portTables::remove);
    delta.outcomesRemoved().forEach(outcomes::remove);
    outcomes.putAll(delta.outcomesSet());
    portTables.putAll(delta.portTablesSet());
    delta.groupsSet().forEach((id, group) -> groups.put(id, Group.of(group)));
    delta.groupsEdited().forEach((id, edit) -> get(groups, id).edit(edit));
    classes.putAll(delta.classesSet());
    endpoints.putAll(delta.endpointsSet());
  }

  public Map<Integer, Outcome> outcomes() {
    return Collections.unmodifiableMap(outcomes);
  }

  public Map<Integer, PortTable> portTables() {
    return Collections.unmodifiableMap(portTables);
  }

  /** A copy of all groups. */
  public Map<Integer, EndpointGroup> groups() {
    Map<Integer, EndpointGroup> copy = HashMap.newHashMap(groups.size());
    groups.forEach((id, group) -> copy.put(id, group.toEndpointGroup()));
    return copy;
  }

  /** Prefix to class; the longest prefix that covers an address gives its class. */
  public NavigableMap<Cidr, Integer> classes() {
    return Collections.unmodifiableNavigableMap(classes);
  }

  public Map<EndpointId, JudgedEndpoint> endpoints() {
    return Collections.unmodifiableMap(endpoints);
  }

  /** The class of an address: that of the longest prefix which covers it. */
  public int peerClass(IpAddress address) {
    for (int length = address.family().bits(); length >= 0; length--) {
      Integer peerClass = classes.get(new Cidr(address, length));
      if (peerClass != null) {
        return peerClass;
      }
    }
    throw new IllegalStateException("no class covers " + address + ": the root prefix is missing");
  }

  /**
   * Judges a packet at one endpoint: the three lookups of the design.
   *
   * @return null where the endpoint is not judged at that point, so that the packet goes on
   */
  public @Nullable Outcome decide(
      JudgedEndpoint endpoint, Direction direction, Stage stage, Packet packet) {
    Judge judge = endpoint.judge(direction, stage);
    if (judge == null) {
      return null;
    }
    IpAddress local = direction == Direction.INGRESS ? packet.destination() : packet.source();
    IpAddress remote = direction == Direction.INGRESS ? packet.source() : packet.destination();
    Group group =
        get(groups, judge.groups().isEmpty() ? judge.usual() : judge.group(peerClass(local)));
    PortTable table = get(portTables, group.tables.getOrDefault(peerClass(remote), group.usual));
    return get(
        outcomes, table.outcome(packet.protocol(), packet.sourcePort(), packet.destinationPort()));
  }

  private static <V> V get(Map<Integer, V> map, int id) {
    return Objects.requireNonNull(map.get(id), "a table refers to id " + id + ", which is missing");
  }
}
