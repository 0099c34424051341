package io.margay.policy.engine;

import io.margay.model.net.IpFamily;
import io.margay.model.verdict.Direction;
import io.margay.policy.address.AddressSpace;
import io.margay.policy.address.Answers;
import io.margay.policy.address.FactSet;
import io.margay.policy.address.FactTable;
import io.margay.policy.address.PeerClass;
import io.margay.policy.engine.Chain.Part;
import io.margay.policy.engine.Walk.ActiveRule;
import io.margay.policy.table.EndpointGroup;
import io.margay.policy.table.GroupEdit;
import io.margay.policy.table.PortTable;
import it.unimi.dsi.fastutil.ints.Int2IntMap;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that one chain judges and of whose own side the same is true, with a port table for
 * each peer class.
 *
 * <p>A class matters to a group only by the facts that the group's rules ask for: its projection.
 * Most classes of a cluster have an empty projection and share one table for each family.
 */
final class Group {
  /** Ids are positive. */
  private static final int NONE = 0;

  private final int id;
  private final FactSet localFacts;
  private final Answers answers;
  private final TablePool pool;
  private final RuleIndex index;
  private Chain chain;

  private final Map<Projection, Use> tables = new HashMap<>();
  private final Map<PeerClass, Use> byClass = new HashMap<>();
  private final Map<IpFamily, Use> plain = new EnumMap<>(IpFamily.class);

  /** The tables that readers know, other than the usual one; null when they know nothing. */
  private @Nullable Int2IntMap told;

  private int toldUsual;

  /** Classes that came or went since, when that is all that happened. */
  private final Set<PeerClass> born = new LinkedHashSet<>();

  private final Set<PeerClass> died = new LinkedHashSet<>();
  private boolean rebuilt;

  /** What of a class matters here. */
  private record Projection(IpFamily family, FactSet facts) {}

  private static final class Use {
    final Projection projection;
    int table;
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
    this.index = new RuleIndex(chain.direction(), localFacts);
    for (int part = 0; part < chain.parts().size(); part++) {
      index.add(part, chain.parts().get(part).rules());
    }
    takeClasses();
  }

  int id() {
    return id;
  }

  Chain chain() {
    return chain;
  }

  /** Takes over another edition of the chain, and computes what is different in it. */
  void rebuild(Chain edition) {
    IntSet askedBefore = new IntOpenHashSet(index.asked());
    ChainDifference difference = new ChainDifference(chain, edition, index);
    chain = edition;
    rebuilt = true;
    if (index.asked().equals(askedBefore)) {
      // What matters of a class is the same. The facts of one that is no more may be forgotten.
      byClass.keySet().stream().filter(PeerClass::isEmpty).toList().forEach(this::remove);
      for (Use use : tables.values()) {
        if (difference.matters(use.projection.facts)) {
          pool.release(use.table);
          use.table = pool.acquire(build(use.projection));
        }
      }
    } else {
      forgetTables(use -> difference.matters(use.projection.facts));
      takeClasses();
    }
  }

  /** Computes what matters of each class; tables that are there are right. */
  private void takeClasses() {
    byClass.clear();
    plain.clear();
    tables.values().forEach(use -> use.users = 0);
    for (IpFamily family : IpFamily.values()) {
      plain.put(family, use(new Projection(family, FactSet.EMPTY)));
      for (int fact : index.asked()) {
        answers.space().classesWith(family, fact).forEach(this::add);
      }
    }
    forgetTables(use -> use.users == 0);
  }

  private void forgetTables(Predicate<Use> which) {
    List<Use> forgotten = tables.values().stream().filter(which).toList();
    for (Use use : forgotten) {
      tables.remove(use.projection);
      pool.release(use.table);
    }
  }

  /** Whether the group's rules tell this class from an address of which nothing is known. */
  boolean add(PeerClass peerClass) {
    if (byClass.containsKey(peerClass)) {
      return true;
    }
    FactTable facts = answers.facts();
    FactSet relevant = peerClass.facts().filter(fact -> index.asked().contains(facts.baseOf(fact)));
    if (relevant.isEmpty() && !differs(peerClass.family())) {
      return false;
    }
    born.add(peerClass);
    if (relevant.isEmpty()) {
      return true;
    }
    byClass.put(peerClass, use(new Projection(peerClass.family(), relevant)));
    return true;
  }

  /** Whether the group had something to say about the class. */
  boolean remove(PeerClass peerClass) {
    Use use = byClass.remove(peerClass);
    if (use == null && !differs(peerClass.family())) {
      return false;
    }
    died.add(peerClass);
    if (use != null && --use.users == 0) {
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
    return new PortTableBuilder(chain, active(projection), pool::outcome).build();
  }

  /** Shows what may match packets from or to a class, unless another class is the same here. */
  void review(PeerClass peerClass, RuleReview review) {
    Use asked = byClass.get(peerClass);
    Use use = asked == null ? plain(peerClass.family()) : asked;
    if (review.isNew(use)) {
      review.read(chain, use.projection.family, active(use.projection));
    }
  }

  /** The rules of the chain whose addresses match, in order. */
  private List<ActiveRule> active(Projection projection) {
    Direction direction = chain.direction();
    FactSet remoteFacts = projection.facts;
    List<ActiveRule> active = new ArrayList<>();
    for (long place : index.candidates(remoteFacts)) {
      Part part = chain.parts().get(RuleIndex.part(place));
      CompiledRule compiled = part.rules().get(RuleIndex.index(place));
      if (compiled.families().contains(projection.family)
          && compiled.remote(direction).hold(remoteFacts)) {
        boolean ingress = direction == Direction.INGRESS;
        FactSet source = ingress ? remoteFacts : localFacts;
        FactSet destination = ingress ? localFacts : remoteFacts;
        active.add(
            new ActiveRule(
                part.rule(RuleIndex.index(place)),
                TransportMatch.of(compiled, source, destination, answers.facts())));
      }
    }
    return active;
  }

  /** The table of unknown IPv4 addresses is what most classes share. */
  private int usual() {
    Use root = byClass.get(answers.space().rootClass(IpFamily.IPV4));
    return root == null ? plain(IpFamily.IPV4).table : root.table;
  }

  /** The root's class may be another one now. */
  void usualMayChange() {
    rebuilt = true;
  }

  /** Tells readers what changed since the last time. */
  void publish(PublishedGroups readers) {
    int usual = usual();
    Int2IntMap known = told;
    if (known == null || usual != toldUsual) {
      told = others(usual);
      toldUsual = usual;
      readers.set(id, new EndpointGroup(chain.direction(), chain.stage(), usual, told));
    } else if (rebuilt) {
      Int2IntMap now = others(usual);
      told = now;
      readers.edit(id, difference(known, now));
    } else {
      readers.edit(id, takeBirthsAndDeaths(known, usual));
    }
    born.clear();
    died.clear();
    rebuilt = false;
  }

  /** Tells readers that the group is no more, and gives back all tables. */
  void withdraw(PublishedGroups readers) {
    if (told != null) {
      readers.remove(id);
    }
    tables.values().forEach(use -> pool.release(use.table));
    tables.clear();
  }

  private static GroupEdit difference(Int2IntMap before, Int2IntMap now) {
    Map<Integer, Integer> set = new HashMap<>();
    Set<Integer> removed = new HashSet<>();
    for (Int2IntMap.Entry entry : now.int2IntEntrySet()) {
      if (before.getOrDefault(entry.getIntKey(), NONE) != entry.getIntValue()) {
        set.put(entry.getIntKey(), entry.getIntValue());
      }
    }
    for (int peerClass : before.keySet().toIntArray()) {
      if (!now.containsKey(peerClass)) {
        removed.add(peerClass);
      }
    }
    return new GroupEdit(set, removed);
  }

  /** The dead first: a number of theirs may be taken again. */
  private GroupEdit takeBirthsAndDeaths(Int2IntMap known, int usual) {
    Map<Integer, Integer> set = new HashMap<>();
    Set<Integer> removed = new HashSet<>();
    for (PeerClass peerClass : died) {
      if (known.containsKey(peerClass.id())) {
        known.remove(peerClass.id());
        removed.add(peerClass.id());
      }
    }
    for (PeerClass peerClass : born) {
      Use use = byClass.get(peerClass);
      int table = use == null ? plain(peerClass.family()).table : use.table;
      if (table != usual) {
        known.put(peerClass.id(), table);
        set.put(peerClass.id(), table);
        removed.remove(peerClass.id());
      }
    }
    return new GroupEdit(set, removed);
  }

  private Int2IntMap others(int usual) {
    AddressSpace space = answers.space();
    Int2IntMap others = new Int2IntOpenHashMap();
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
    return others;
  }

  int tableCount() {
    return tables.size();
  }
}
