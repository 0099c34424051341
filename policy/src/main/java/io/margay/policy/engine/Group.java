package io.margay.policy.engine;

import io.margay.model.net.IpFamily;
import io.margay.model.verdict.Direction;
import io.margay.policy.address.AddressSpace;
import io.margay.policy.address.Answers;
import io.margay.policy.address.FactSet;
import io.margay.policy.address.FactTable;
import io.margay.policy.address.PeerClass;
import io.margay.policy.engine.Chain.ChainRule;
import io.margay.policy.engine.Walk.ActiveRule;
import io.margay.policy.table.EndpointGroup;
import io.margay.policy.table.PortTable;
import it.unimi.dsi.fastutil.ints.Int2ObjectMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The endpoints that one chain judges and of whose own side the same is true, with a port table for
 * each peer class.
 *
 * <p>A class matters to a group only by the facts that the group's rules ask for: its projection.
 * Most classes of a cluster have an empty projection and share one table for each family.
 */
final class Group {
  private final int id;
  private final FactSet localFacts;
  private final Answers answers;
  private final TablePool pool;
  private Chain chain;

  /** The chain's rules whose local side holds. */
  private List<ChainRule> rules = List.of();

  /** Rules by one fact that they need; the rest has to be looked at for every class. */
  private final Int2ObjectMap<IntArrayList> byFact = new Int2ObjectOpenHashMap<>();

  private final IntArrayList unconditional = new IntArrayList();
  private final IntSet asked = new IntOpenHashSet();
  private final Map<Projection, Use> tables = new HashMap<>();
  private final Map<PeerClass, Use> byClass = new HashMap<>();
  private final Map<IpFamily, Use> plain = new EnumMap<>(IpFamily.class);

  /** What of a class matters here. */
  private record Projection(IpFamily family, FactSet facts) {}

  private static final class Use {
    final Projection projection;
    final int table;
    int users;

    Use(Projection projection, int table) {
      this.projection = projection;
      this.table = table;
    }
  }

  Group(int id, Chain chain, FactSet localFacts, Answers answers, TablePool pool) {
    this.id = id;
    this.chain = chain;
    this.localFacts = localFacts;
    this.answers = answers;
    this.pool = pool;
    rebuild(chain);
  }

  int id() {
    return id;
  }

  Chain chain() {
    return chain;
  }

  /** Computes everything anew for another edition of the chain. */
  void rebuild(Chain edition) {
    List<Use> old = new ArrayList<>(tables.values());
    tables.clear();
    byClass.clear();
    plain.clear();
    chain = edition;
    index();
    for (IpFamily family : IpFamily.values()) {
      plain.put(family, use(new Projection(family, FactSet.EMPTY)));
      asked.forEach(fact ->
          answers.space().classesWith(family, fact).stream()
              .filter(peerClass -> !byClass.containsKey(peerClass))
              .forEach(this::add));
    }
    old.forEach(use -> pool.release(use.table));
  }

  private void index() {
    Direction direction = chain.direction();
    byFact.clear();
    unconditional.clear();
    asked.clear();
    rules = new ArrayList<>();
    for (ChainRule rule : chain.rules()) {
      if (!rule.compiled().local(direction).hold(localFacts)) {
        continue;
      }
      SideQuestions remote = rule.compiled().remote(direction);
      if (remote.must().length > 0) {
        byFact.computeIfAbsent(remote.must()[0], f -> new IntArrayList()).add(rules.size());
      } else {
        unconditional.add(rules.size());
      }
      remote.forEachBase(asked::add);
      rules.add(rule);
    }
  }

  /** Whether the group's rules tell this class from an address of which nothing is known. */
  boolean add(PeerClass peerClass) {
    FactTable facts = answers.facts();
    FactSet relevant = peerClass.facts().filter(fact -> asked.contains(facts.baseOf(fact)));
    if (relevant.isEmpty()) {
      return differs(peerClass.family());
    }
    byClass.put(peerClass, use(new Projection(peerClass.family(), relevant)));
    return true;
  }

  /** Whether the group had something to say about the class. */
  boolean remove(PeerClass peerClass) {
    Use use = byClass.remove(peerClass);
    if (use == null) {
      return differs(peerClass.family());
    }
    if (--use.users == 0) {
      tables.remove(use.projection);
      pool.release(use.table);
    }
    return true;
  }

  private boolean differs(IpFamily family) {
    return plain(family).table != usual();
  }

  private Use plain(IpFamily family) {
    return Objects.requireNonNull(plain.get(family));
  }

  private Use use(Projection projection) {
    Use use = tables.get(projection);
    if (use == null) {
      use = new Use(projection, pool.acquire(build(projection)));
      tables.put(projection, use);
    }
    use.users++;
    return use;
  }

  private PortTable build(Projection projection) {
    Direction direction = chain.direction();
    FactSet remoteFacts = projection.facts;
    IntArrayList candidates = new IntArrayList(unconditional);
    for (int i = 0; i < remoteFacts.size(); i++) {
      IntArrayList needing = byFact.get(remoteFacts.get(i));
      if (needing != null) {
        candidates.addAll(needing);
      }
    }
    candidates.sort(null);
    List<ActiveRule> active = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      ChainRule rule = rules.get(candidates.getInt(i));
      CompiledRule compiled = rule.compiled();
      if (compiled.families().contains(projection.family)
          && compiled.remote(direction).hold(remoteFacts)) {
        boolean ingress = direction == Direction.INGRESS;
        FactSet source = ingress ? remoteFacts : localFacts;
        FactSet destination = ingress ? localFacts : remoteFacts;
        active.add(
            new ActiveRule(
                rule, TransportMatch.of(compiled, source, destination, answers.facts())));
      }
    }
    return new PortTableBuilder(chain, active, pool::outcome).build();
  }

  /** The table of unknown IPv4 addresses is what most classes share. */
  private int usual() {
    Use root = byClass.get(answers.space().rootClass(IpFamily.IPV4));
    return root == null ? plain(IpFamily.IPV4).table : root.table;
  }

  /** The group as readers see it. */
  EndpointGroup publish() {
    AddressSpace space = answers.space();
    int usual = usual();
    Map<Integer, Integer> others = new HashMap<>();
    for (IpFamily family : IpFamily.values()) {
      Use shared = plain(family);
      if (shared.table != usual) {
        Collection<PeerClass> all = space.classes(family);
        for (PeerClass peerClass : all) {
          others.put(peerClass.id(), shared.table);
        }
      }
    }
    byClass.forEach((peerClass, use) -> {
      if (use.table == usual) {
        others.remove(peerClass.id());
      } else {
        others.put(peerClass.id(), use.table);
      }
    });
    return new EndpointGroup(chain.direction(), chain.stage(), usual, others);
  }

  /** Gives back all tables. */
  void close() {
    tables.values().forEach(use -> pool.release(use.table));
    tables.clear();
  }

  int tableCount() {
    return tables.size();
  }
}
