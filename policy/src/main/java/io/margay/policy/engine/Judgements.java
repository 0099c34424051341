package io.margay.policy.engine;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import io.margay.policy.address.AddressSpace.Settlement;
import io.margay.policy.address.Answers;
import io.margay.policy.address.ContentHash;
import io.margay.policy.address.FactSet;
import io.margay.policy.address.IdSpace;
import io.margay.policy.address.PeerClass;
import io.margay.policy.engine.ChainCache.Ordered;
import io.margay.policy.engine.ChainCache.Request;
import io.margay.policy.table.DeltaTracker;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.Judge;
import io.margay.policy.table.JudgedEndpoint;
import io.margay.policy.table.JudgedEndpoint.Point;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Which group judges which endpoint, in which direction and stage. */
final class Judgements {
  private final Answers answers;
  private final ChainCache chains;
  private final ProfileRegistry profiles;
  private final Map<Point, CompiledRules> failsafes = new HashMap<>();
  private final TablePool pool = new TablePool();
  private final IdSpace ids = new IdSpace();
  private final Map<GroupKey, Held> groups = new HashMap<>();
  private final Map<EndpointId, Judged> judged = new HashMap<>();

  /** Endpoints whose groups depend on the class of their own address. */
  private final Set<Endpoint> sensitive = new HashSet<>();

  private final Set<Held> dirty = new LinkedHashSet<>();
  private final PublishedGroups publishedGroups = new PublishedGroups();
  private final DeltaTracker<EndpointId, JudgedEndpoint> publishedEndpoints = new DeltaTracker<>();

  /**
   * What makes a group: the identity of its chain, which editions of its policies share, and what
   * is true of the endpoint's own side.
   */
  private record GroupKey(long chain, FactSet local) {}

  private static final class Held {
    final GroupKey key;
    final Group group;
    int users;

    /** Whether it was computed in this flush, with the classes as they are now. */
    boolean upToDate = true;

    Held(GroupKey key, Group group) {
      this.key = key;
      this.group = group;
    }
  }

  /**
   * How an endpoint is judged now.
   *
   * @param own the classes of its own addresses; empty if no rule asks about them
   */
  private record Judged(List<Held> held, List<PeerClass> own) {}

  Judgements(Answers answers, TierRegistry tiers, ProfileRegistry profiles, Failsafes configured) {
    this.answers = answers;
    this.chains = new ChainCache(tiers);
    this.profiles = profiles;
    for (Direction direction : Direction.values()) {
      for (Stage stage : List.of(Stage.NORMAL, Stage.PRE_DNAT, Stage.UNTRACKED)) {
        failsafes.put(
            new Point(direction, stage),
            CompiledRules.ask(
                stage == Stage.UNTRACKED
                    ? configured.untrackedRules(direction)
                    : configured.rules(direction),
                direction,
                answers));
      }
    }
  }

  /** Endpoints that have to be judged anew since the classes of their own addresses changed. */
  List<Endpoint> moved(Settlement settlement) {
    if (settlement.reclassified().isEmpty()) {
      return List.of();
    }
    return sensitive.stream()
        .filter(endpoint -> {
          Judged now = judged.get(endpoint.id);
          return now != null && !now.own.equals(ownClasses(endpoint));
        })
        .toList();
  }

  /** Takes into the groups how classes changed, once all endpoints are judged anew. */
  void classesChanged(Settlement settlement) {
    // The root may have moved to a class that was there before: what is usual changes with it.
    boolean rootMoved = settlement.reclassified().contains(Cidr.all(IpFamily.IPV4));
    for (Held held : groups.values()) {
      if (held.upToDate || held.users == 0) {
        continue;
      }
      boolean touched = rootMoved;
      if (rootMoved) {
        held.group.usualMayChange();
      }
      for (PeerClass born : settlement.born()) {
        touched |= held.group.add(born);
      }
      for (PeerClass died : settlement.died()) {
        touched |= held.group.remove(died);
      }
      if (touched) {
        dirty.add(held);
      }
    }
  }

  /** Policies or tiers are not what they were. */
  void policiesChanged() {
    chains.clear();
  }

  /** Judges endpoints anew. Those with the same policies share the work. */
  void judge(Set<Endpoint> endpoints) {
    for (Endpoint endpoint : endpoints) {
      Judged before = judged.get(endpoint.id);
      judge(endpoint, chains.ordered(endpoint));
      if (before != null) {
        before.held.forEach(this::release);
      }
    }
  }

  /** Stops judging an endpoint. */
  void drop(Endpoint endpoint) {
    sensitive.remove(endpoint);
    Judged gone = judged.remove(endpoint.id);
    if (gone != null) {
      gone.held.forEach(this::release);
      publishedEndpoints.remove(endpoint.id);
    }
  }

  private void judge(Endpoint endpoint, Ordered ordered) {
    List<Held> held = new ArrayList<>();
    Map<Point, Judge> judges = new LinkedHashMap<>();
    boolean asksLocal = false;
    for (Point point : points(endpoint)) {
      Chain chain = chain(endpoint, point, ordered);
      if (point.stage() != Stage.NORMAL && chain.spec().tiers().isEmpty()) {
        continue;
      }
      asksLocal |= !chain.localBases().isEmpty();
      judges.put(point, judge(endpoint, chain, held));
    }
    if (asksLocal) {
      sensitive.add(endpoint);
    } else {
      sensitive.remove(endpoint);
    }
    judged.put(endpoint.id, new Judged(held, asksLocal ? ownClasses(endpoint) : List.of()));
    publishedEndpoints.put(
        endpoint.id,
        new JudgedEndpoint(endpoint.id, endpoint.interfaceName, endpoint.addresses, judges));
  }

  /** The tiers that judge an endpoint at a point, in order. */
  List<GoverningTier> governing(Endpoint endpoint, Point point) {
    return chains.ordered(endpoint).tiers(point).stream()
        .map(tier ->
            new GoverningTier(
                tier.name(),
                tier.defaultAction(),
                tier.policies().stream().map(compiled -> compiled.policy().ref()).toList()))
        .toList();
  }

  private static List<Point> points(Endpoint endpoint) {
    List<Point> points = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      points.add(new Point(direction, Stage.NORMAL));
      if (endpoint.host()) {
        points.add(new Point(direction, Stage.FORWARD));
      }
      if (endpoint.host() && direction == Direction.INGRESS) {
        points.add(new Point(direction, Stage.PRE_DNAT));
      }
      if (endpoint.canBeUntracked()) {
        points.add(new Point(direction, Stage.UNTRACKED));
      }
    }
    return points;
  }

  private CompiledRules failsafes(Endpoint endpoint, Point point) {
    return endpoint.host() ? failsafes.getOrDefault(point, CompiledRules.NONE) : CompiledRules.NONE;
  }

  private Chain chain(Endpoint endpoint, Point point, Ordered ordered) {
    List<CompiledProfile> deciding =
        point.stage() == Stage.NORMAL
            ? profiles.deciding(endpoint.profiles, point.direction())
            : List.of();
    return ordered.chain(
        new Request(point, endpoint.host(), deciding), () -> failsafes(endpoint, point));
  }

  /**
   * The judge for a chain. Where rules ask about the endpoint's own side, a pod's addresses may
   * differ in the answers; a host's own side may be any address, since it forwards.
   */
  private Judge judge(Endpoint endpoint, Chain chain, List<Held> held) {
    if (chain.localBases().isEmpty()) {
      return Judge.always(hold(chain, FactSet.EMPTY, held));
    }
    Map<Integer, Integer> groups = new LinkedHashMap<>();
    List<PeerClass> own = ownClasses(endpoint);
    for (PeerClass local : own) {
      groups.put(local.id(), hold(chain, project(chain, local), held));
    }
    int usual =
        own.isEmpty()
            ? hold(chain, FactSet.EMPTY, held)
            : Objects.requireNonNull(groups.get(own.getFirst().id()));
    groups.values().removeIf(group -> group == usual);
    return new Judge(usual, groups);
  }

  private List<PeerClass> ownClasses(Endpoint endpoint) {
    List<PeerClass> own = new ArrayList<>();
    if (endpoint.host()) {
      own.add(answers.space().rootClass(IpFamily.IPV4));
      for (IpFamily family : IpFamily.values()) {
        own.addAll(answers.space().classes(family));
      }
      return own;
    }
    for (IpAddress address : endpoint.addresses) {
      own.add(answers.space().classOf(address));
    }
    return own;
  }

  private FactSet project(Chain chain, PeerClass local) {
    return local.facts().filter(fact -> chain.localBases().contains(answers.facts().baseOf(fact)));
  }

  private int hold(Chain chain, FactSet local, List<Held> held) {
    GroupKey key = new GroupKey(chain.identity(), local);
    Held known = groups.get(key);
    if (known == null) {
      ContentHash hash = new ContentHash("group").add(chain.identity());
      long sum = 0;
      for (int i = 0; i < local.size(); i++) {
        sum += answers.facts().hashOf(local.get(i));
      }
      int id = ids.take(hash.add(sum).value());
      known = new Held(key, new Group(id, chain, local, answers, pool));
      groups.put(key, known);
      dirty.add(known);
    } else if (known.group.chain() != chain && !known.group.chain().spec().equals(chain.spec())) {
      known.group.rebuild(chain);
      dirty.add(known);
    }
    known.users++;
    held.add(known);
    return known.group.id();
  }

  private void release(Held held) {
    if (--held.users == 0) {
      dirty.add(held);
    }
  }

  /** Publishes the groups that changed and forgets those without endpoints. */
  void publish() {
    for (Held held : dirty) {
      held.upToDate = false;
      if (held.users > 0) {
        held.group.publish(publishedGroups);
      } else {
        groups.remove(held.key);
        ids.free(held.group.id());
        held.group.withdraw(publishedGroups);
      }
    }
    dirty.clear();
    pool.sweep();
  }

  TablePool pool() {
    return pool;
  }

  PublishedGroups publishedGroups() {
    return publishedGroups;
  }

  DeltaTracker<EndpointId, JudgedEndpoint> publishedEndpoints() {
    return publishedEndpoints;
  }

  /** All groups that judge an endpoint, by their ids. */
  Map<Integer, Group> groupsById() {
    Map<Integer, Group> byId = HashMap.newHashMap(groups.size());
    groups.values().forEach(held -> byId.put(held.group.id(), held.group));
    return byId;
  }

  int groupCount() {
    return groups.size();
  }
}
