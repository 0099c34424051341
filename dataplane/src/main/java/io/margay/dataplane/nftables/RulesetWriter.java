package io.margay.dataplane.nftables;

import static io.margay.dataplane.nftables.ElementValue.NOTHING;

import io.margay.dataplane.DataplaneException;
import io.margay.dataplane.DeltaTracker;
import io.margay.dataplane.InterfaceTable;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Stage;
import io.margay.policy.table.EndpointGroup;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.EndpointId.EndpointType;
import io.margay.policy.table.GroupEdit;
import io.margay.policy.table.Judge;
import io.margay.policy.table.JudgedEndpoint;
import io.margay.policy.table.PortTable;
import io.margay.policy.table.TableDelta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns changes of the decision tables into changes of the wanted ruleset. Pure: no kernel here.
 */
final class RulesetWriter {
  private final NftablesConfig config;
  private final Ruleset ruleset;
  private final Map<EndpointId, JudgedEndpoint> workloads = new HashMap<>();
  private final Map<IpFamily, NavigableMap<Cidr, Integer>> prefixes = new HashMap<>();
  private final Map<Integer, Set<String>> portMaps = new HashMap<>();
  private final Map<Integer, GroupHead> groups = new HashMap<>();
  private final LocalJudges judges;
  private final HostSites hostSites;
  private boolean begun;

  private record GroupHead(Direction direction, int usual) {}

  RulesetWriter(NftablesConfig config, Ruleset ruleset) {
    this.config = config;
    this.ruleset = ruleset;
    for (IpFamily family : IpFamily.values()) {
      prefixes.put(family, new TreeMap<>());
    }
    Layout.declareSets(config, ruleset);
    for (DropReason reason : DropReason.values()) {
      ruleset.counters().set(reason.counter(), new Ruleset.Counter());
    }
    this.judges = new LocalJudges(ruleset);
    this.hostSites = new HostSites(config, ruleset, judges);
  }

  /** Removes before it sets, because an id that is in both has a new meaning. */
  void write(TableDelta delta) {
    delta.endpointsSet().values().forEach(this::requireWorkloadPrefix);
    begun = true;
    delta.endpointsRemoved().forEach(this::removeEndpoint);
    delta.groupsRemoved().forEach(this::removeGroup);
    delta.portTablesRemoved().forEach(this::removePortTable);
    delta.outcomesRemoved().forEach(this::removeOutcome);
    delta.outcomesSet().forEach(this::setOutcome);
    delta.portTablesSet().forEach(this::setPortTable);
    delta.groupsSet().forEach(this::setGroup);
    delta.groupsEdited().forEach(this::editGroup);
    writeClasses(delta);
    delta.endpointsSet().values().forEach(this::setEndpoint);
    hostSites.write();
  }

  /**
   * Takes over the host's interfaces.
   *
   * @return whether there is anything to program yet: not before the first tables
   */
  boolean interfaces(InterfaceTable interfaces) {
    hostSites.interfaces(interfaces);
    if (begun) {
      hostSites.write();
    }
    return begun;
  }

  private void setOutcome(int id, Outcome outcome) {
    ElementKey key = mark(id);
    switch (outcome.verdict()) {
      case ALLOW -> {
        elements(Layout.ALLOWED).set(key, NOTHING);
        elements(Layout.UNDECIDED).remove(key);
      }
      case CONTINUE -> {
        elements(Layout.UNDECIDED).set(key, NOTHING);
        elements(Layout.ALLOWED).remove(key);
      }
      // What is in neither set is dropped, and so is what is unknown.
      case DENY -> {
        elements(Layout.UNDECIDED).remove(key);
        elements(Layout.ALLOWED).remove(key);
      }
    }
    for (Direction direction : Direction.values()) {
      elements(Layout.sampled(config, direction)).set(key, NOTHING);
    }
    if (outcome.logs().isEmpty()) {
      elements(Layout.written(config)).remove(key);
    } else {
      elements(Layout.written(config)).set(key, NOTHING);
    }
  }

  private void removeOutcome(int id) {
    ElementKey key = mark(id);
    elements(Layout.ALLOWED).remove(key);
    elements(Layout.UNDECIDED).remove(key);
    for (Direction direction : Direction.values()) {
      elements(Layout.sampled(config, direction)).remove(key);
    }
    elements(Layout.written(config)).remove(key);
  }

  private ElementKey mark(int outcome) {
    return new ElementKey.Mark(config.marks().mark(outcome));
  }

  private void setPortTable(int id, PortTable table) {
    PortTableChain.Rendered rendered = PortTableChain.render(id, table, config.marks()::mark);
    Set<String> before = portMaps.getOrDefault(id, Set.of());
    before.stream().filter(name -> !rendered.maps().containsKey(name)).forEach(ruleset::drop);
    rendered
        .maps()
        .forEach((name, content) -> {
          ruleset.declare(name, SetSpec.intervalMap("inet_service", "mark"));
          elements(name).replace(content);
        });
    if (rendered.maps().isEmpty()) {
      portMaps.remove(id);
    } else {
      portMaps.put(id, Set.copyOf(rendered.maps().keySet()));
    }
    String chain = "t" + id;
    ruleset.chains().set(chain, Chain.ofRules(rendered.rules()));
    elements(Layout.PORT_TABLES).set(new ElementKey.Mark(id), new ElementValue.Goto(chain));
  }

  private void removePortTable(int id) {
    elements(Layout.PORT_TABLES).remove(new ElementKey.Mark(id));
    ruleset.chains().remove("t" + id);
    Set<String> maps = portMaps.remove(id);
    if (maps != null) {
      maps.forEach(ruleset::drop);
    }
  }

  private void setGroup(int id, EndpointGroup group) {
    String name = "g" + id;
    groups.put(id, new GroupHead(group.direction(), group.usual()));
    ruleset.declareGroupMap(name, new ElementValue.Mark(group.usual()));
    Map<ElementKey, ElementValue> wanted = HashMap.newHashMap(group.tables().size());
    group
        .tables()
        .forEach(
            (peer, table) -> wanted.put(new ElementKey.Mark(peer), new ElementValue.Mark(table)));
    elements(name).replace(wanted);
    writeGroupChain(id);
    elements(Layout.GROUPS).set(new ElementKey.Mark(id), new ElementValue.Goto(name));
  }

  private void editGroup(int id, GroupEdit edit) {
    String name = "g" + id;
    ruleset.declareGroupMap(name, new ElementValue.Mark(head(id).usual));
    edit.removed().forEach(peer -> elements(name).remove(new ElementKey.Mark(peer)));
    edit.set()
        .forEach((peer, table) ->
            elements(name).set(new ElementKey.Mark(peer), new ElementValue.Mark(table)));
    writeGroupChain(id);
  }

  /** A group that judges all classes alike has no map. */
  private void writeGroupChain(int id) {
    String name = "g" + id;
    String usual = "meta mark set " + head(id).usual;
    if (elements(name).desired().isEmpty()) {
      ruleset.dropWithTwin(name);
      ruleset.chains().set(name, Chain.of(usual));
      return;
    }
    String peerClass =
        head(id).direction == Direction.INGRESS
            ? Layout.CLASS_OF_SOURCE
            : Layout.CLASS_OF_DESTINATION;
    List<String> rules = new ArrayList<>();
    rules.add("jump " + peerClass);
    rules.addAll(Layout.lookup("meta mark set meta mark map @", name, " return"));
    rules.add(usual);
    ruleset.chains().set(name, Chain.of(rules));
  }

  private GroupHead head(int id) {
    return Objects.requireNonNull(groups.get(id), "an edit of a group that is not there");
  }

  private void removeGroup(int id) {
    groups.remove(id);
    elements(Layout.GROUPS).remove(new ElementKey.Mark(id));
    ruleset.chains().remove("g" + id);
    ruleset.dropWithTwin("g" + id);
  }

  private void writeClasses(TableDelta delta) {
    Set<IpFamily> rangesChanged = new HashSet<>();
    delta
        .classesRemoved()
        .forEach(prefix -> {
          if (prefix.isSingle()) {
            ElementKey address = new ElementKey.Address(prefix.address());
            ruleset.classes().move(classOf(addressClasses(prefix.family()), address), null);
            addressClasses(prefix.family()).remove(address);
          } else {
            ruleset.classes().move(of(prefix.family()).remove(prefix), null);
            rangesChanged.add(prefix.family());
          }
        });
    delta
        .classesSet()
        .forEach((prefix, peerClass) -> {
          if (prefix.isSingle()) {
            ElementKey address = new ElementKey.Address(prefix.address());
            ruleset.classes().move(classOf(addressClasses(prefix.family()), address), peerClass);
            addressClasses(prefix.family()).set(address, new ElementValue.Mark(peerClass));
          } else {
            ruleset.classes().move(of(prefix.family()).put(prefix, peerClass), peerClass);
            rangesChanged.add(prefix.family());
          }
        });
    rangesChanged.forEach(family -> {
      String map = family == IpFamily.IPV4 ? Layout.RANGE_CLASS_V4 : Layout.RANGE_CLASS_V6;
      elements(map).replace(AddressRanges.of(of(family)));
    });
  }

  private static @Nullable Integer classOf(
      DeltaTracker<ElementKey, ElementValue> classes, ElementKey address) {
    return classes.desired().get(address) instanceof ElementValue.Mark(int peerClass)
        ? (Integer) peerClass
        : null;
  }

  private NavigableMap<Cidr, Integer> of(IpFamily family) {
    return prefixes.computeIfAbsent(family, f -> new TreeMap<>());
  }

  private DeltaTracker<ElementKey, ElementValue> addressClasses(IpFamily family) {
    return elements(family == IpFamily.IPV4 ? Layout.ADDRESS_CLASS_V4 : Layout.ADDRESS_CLASS_V6);
  }

  private void setEndpoint(JudgedEndpoint endpoint) {
    if (endpoint.id().type() == EndpointType.HOST) {
      hostSites.set(endpoint);
      return;
    }
    removeEndpoint(endpoint.id());
    workloads.put(endpoint.id(), endpoint);
    setWorkloadGroup(endpoint, Direction.EGRESS, Layout.FROM_WORKLOAD_GROUPS);
    setWorkloadGroup(endpoint, Direction.INGRESS, Layout.TO_WORKLOAD_GROUPS);
    for (IpAddress address : endpoint.addresses()) {
      workloadAddresses(address)
          .set(new ElementKey.InterfaceAddress(endpoint.interfaceName(), address), NOTHING);
    }
  }

  private void requireWorkloadPrefix(JudgedEndpoint endpoint) {
    if (endpoint.id().type() == EndpointType.WORKLOAD
        && !config.isWorkloadInterface(endpoint.interfaceName())) {
      throw new DataplaneException(
          "%s has interface \"%s\", which starts with none of the workload prefixes %s: nothing"
                  .formatted(endpoint.id(), endpoint.interfaceName(), config.workloadPrefixes())
              + " would judge it; add its prefix");
    }
  }

  private void setWorkloadGroup(JudgedEndpoint endpoint, Direction direction, String map) {
    Judge judge = endpoint.judge(direction, Stage.NORMAL);
    if (judge != null) {
      elements(map)
          .set(
              new ElementKey.Interface(endpoint.interfaceName()),
              new ElementValue.Mark(judges.acquire(judge, direction)));
    }
  }

  private void removeEndpoint(EndpointId id) {
    if (id.type() == EndpointType.HOST) {
      hostSites.remove(id);
      return;
    }
    JudgedEndpoint endpoint = workloads.remove(id);
    if (endpoint == null) {
      return;
    }
    for (Direction direction : Direction.values()) {
      Judge judge = endpoint.judge(direction, Stage.NORMAL);
      if (judge != null) {
        judges.release(judge, direction);
      }
    }
    ElementKey key = new ElementKey.Interface(endpoint.interfaceName());
    elements(Layout.FROM_WORKLOAD_GROUPS).remove(key);
    elements(Layout.TO_WORKLOAD_GROUPS).remove(key);
    for (IpAddress address : endpoint.addresses()) {
      workloadAddresses(address)
          .remove(new ElementKey.InterfaceAddress(endpoint.interfaceName(), address));
    }
  }

  private DeltaTracker<ElementKey, ElementValue> workloadAddresses(IpAddress address) {
    return elements(
        address.family() == IpFamily.IPV4
            ? Layout.WORKLOAD_ADDRESS_V4
            : Layout.WORKLOAD_ADDRESS_V6);
  }

  private DeltaTracker<ElementKey, ElementValue> elements(String set) {
    return ruleset.elements(set);
  }
}
