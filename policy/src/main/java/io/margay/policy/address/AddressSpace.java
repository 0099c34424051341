package io.margay.policy.address;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import it.unimi.dsi.fastutil.ints.Int2ObjectMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All addresses, divided by what is true of them. A prefix holds what its sources say of it; what
 * is true of an address is the union over the prefixes that cover it.
 *
 * <pre>
 *   0.0.0.0/0                {}              class a   always there
 *   └─ 10.0.0.0/8            {internal}      class b
 *      ├─ 10.1.0.5/32        {internal, web} class c
 *      └─ 10.2.0.9/32        {internal}      class b   not published: its cover says the same
 * </pre>
 */
public final class AddressSpace {
  private final FactTable facts;
  private final NavigableMap<Cidr, Prefix> prefixes = new TreeMap<>();

  private final OfFamily v4 = new OfFamily(IpFamily.IPV4);
  private final OfFamily v6 = new OfFamily(IpFamily.IPV6);
  private final IdSpace ids = new IdSpace();
  private final List<Prefix> dirty = new ArrayList<>();
  private final PublishedClasses published = new PublishedClasses();

  private static final class OfFamily {
    /**
     * How many prefixes there are of each length, so that covers are sought where there are any.
     */
    final int[] lengths;

    final Map<FactSet, PeerClass> classes = new HashMap<>();

    /** The classes of which a fact is true. */
    final Int2ObjectMap<Set<PeerClass>> byFact = new Int2ObjectOpenHashMap<>();

    OfFamily(IpFamily family) {
      this.lengths = new int[family.bits() + 1];
    }
  }

  /** There are as many as addresses that rules can tell apart: it holds no more than it must. */
  private static final class Prefix extends Said {
    final Cidr cidr;
    @Nullable Prefix cover;
    @Nullable PeerClass peerClass;

    /** The class that readers know of. */
    int told = PublishedClasses.NONE;

    /** Whether it is among those that have to be looked at. */
    boolean dirty;

    Prefix(Cidr cidr) {
      this.cidr = cidr;
    }
  }

  /**
   * What the last settlement changed.
   *
   * @param born classes that have prefixes now and had none
   * @param died classes that lost their last prefix
   * @param reclassified prefixes whose class is another one, or that are new or gone
   */
  public record Settlement(Set<PeerClass> born, Set<PeerClass> died, List<Cidr> reclassified) {}

  public AddressSpace(FactTable facts) {
    this.facts = facts;
    for (IpFamily family : IpFamily.values()) {
      prefix(Cidr.all(family));
    }
  }

  /** Lets a source say what is true of a prefix, instead of what it said before. */
  public void put(Cidr cidr, Object source, FactSet said) {
    Prefix prefix = prefix(cidr);
    if (prefix.put(source, said)) {
      touch(prefix);
    }
  }

  /** Takes back what a source said of a prefix. */
  public void remove(Cidr cidr, Object source) {
    Prefix prefix = prefixes.get(cidr);
    if (prefix != null && prefix.remove(source)) {
      touch(prefix);
    }
  }

  private void touch(Prefix prefix) {
    if (!prefix.dirty) {
      prefix.dirty = true;
      dirty.add(prefix);
    }
  }

  /** Brings the classes up to date with what the sources say. */
  public Settlement settle() {
    Set<PeerClass> born = new LinkedHashSet<>();
    Set<PeerClass> suspects = new LinkedHashSet<>();
    List<Cidr> reclassified = new ArrayList<>();
    for (Prefix prefix : affected(suspects, reclassified)) {
      PeerClass before = prefix.peerClass;
      PeerClass now = classOf(prefix, born);
      if (now != before) {
        prefix.peerClass = now;
        now.prefixes++;
        if (before != null) {
          before.prefixes--;
          suspects.add(before);
        }
        reclassified.add(prefix.cidr);
      }
      publish(prefix, now);
    }
    return new Settlement(born, bury(suspects, born), reclassified);
  }

  public Collection<PeerClass> classes(IpFamily family) {
    return Collections.unmodifiableCollection(of(family).classes.values());
  }

  /** The class of the addresses of a family of which nothing special is known. */
  public PeerClass rootClass(IpFamily family) {
    Prefix root =
        Objects.requireNonNull(prefixes.get(Cidr.all(family)), "the root is always there");
    return Objects.requireNonNull(root.peerClass, "not settled yet");
  }

  /** The class of an address. */
  public PeerClass classOf(IpAddress address) {
    Prefix prefix = prefixes.get(address.toCidr());
    if (prefix == null) {
      prefix = cover(address.toCidr());
    }
    return Objects.requireNonNull(
        Objects.requireNonNull(prefix, "the root covers all").peerClass, "not settled yet");
  }

  /** The classes of a family of which a fact is true. */
  public Set<PeerClass> classesWith(IpFamily family, int fact) {
    Set<PeerClass> classes = of(family).byFact.get(fact);
    return classes == null ? Set.of() : Collections.unmodifiableSet(classes);
  }

  public int classCount() {
    return v4.classes.size() + v6.classes.size();
  }

  /** Prefix to class id, with only the prefixes whose class differs from that of their cover. */
  public PublishedClasses published() {
    return published;
  }

  private OfFamily of(IpFamily family) {
    return switch (family) {
      case IPV4 -> v4;
      case IPV6 -> v6;
    };
  }

  private Prefix prefix(Cidr cidr) {
    Prefix known = prefixes.get(cidr);
    if (known != null) {
      return known;
    }
    Prefix prefix = new Prefix(cidr);
    prefix.cover = cover(cidr);
    for (Prefix inner : within(cidr)) {
      if (inner.cover == prefix.cover) {
        inner.cover = prefix;
      }
    }
    prefixes.put(cidr, prefix);
    of(cidr.family()).lengths[cidr.prefixLength()]++;
    touch(prefix);
    return prefix;
  }

  private @Nullable Prefix cover(Cidr cidr) {
    int[] counts = of(cidr.family()).lengths;
    for (int length = cidr.prefixLength() - 1; length >= 0; length--) {
      if (counts[length] > 0) {
        Prefix cover = prefixes.get(new Cidr(cidr.address(), length));
        if (cover != null) {
          return cover;
        }
      }
    }
    return null;
  }

  /** The prefix itself, if it is there, and all inside it; covers before what they cover. */
  private Collection<Prefix> within(Cidr cidr) {
    if (cidr.isSingle()) {
      Prefix single = prefixes.get(cidr);
      return single == null ? List.of() : List.of(single);
    }
    return prefixes.subMap(cidr, true, cidr.last().toCidr(), true).values();
  }

  /** Drops prefixes of which nobody says anything, and lists those to look at, covers first. */
  private List<Prefix> affected(Set<PeerClass> suspects, List<Cidr> reclassified) {
    List<Prefix> touched = List.copyOf(dirty);
    dirty.clear();
    List<Prefix> wide = new ArrayList<>();
    for (Prefix prefix : touched) {
      if (!prefix.cidr.isSingle()) {
        wide.add(prefix);
      }
      if (prefix.unsaid() && prefix.cidr.prefixLength() > 0) {
        drop(prefix);
        published.remove(prefix.cidr, prefix.told);
        if (prefix.peerClass != null) {
          prefix.peerClass.prefixes--;
          suspects.add(prefix.peerClass);
          reclassified.add(prefix.cidr);
        }
      }
    }
    List<Prefix> affected = new ArrayList<>();
    Cidr outermost = null;
    wide.sort(Comparator.comparing(prefix -> prefix.cidr));
    for (Prefix prefix : wide) {
      if (outermost == null || !outermost.contains(prefix.cidr)) {
        outermost = prefix.cidr;
        affected.addAll(within(outermost));
      }
    }
    // Single addresses cover nothing: their order does not matter.
    affected.forEach(prefix -> prefix.dirty = false);
    for (Prefix prefix : touched) {
      if (prefix.dirty && prefix.cidr.isSingle() && !prefix.unsaid()) {
        affected.add(prefix);
      }
      prefix.dirty = false;
    }
    return affected;
  }

  private void drop(Prefix prefix) {
    prefixes.remove(prefix.cidr);
    of(prefix.cidr.family()).lengths[prefix.cidr.prefixLength()]--;
    if (!prefix.cidr.isSingle()) {
      for (Prefix inner : within(prefix.cidr)) {
        if (inner.cover == prefix) {
          inner.cover = prefix.cover;
        }
      }
    }
  }

  private PeerClass classOf(Prefix prefix, Set<PeerClass> born) {
    FactSet inherited =
        prefix.cover == null
            ? FactSet.EMPTY
            : Objects.requireNonNull(prefix.cover.peerClass, "covers come first").facts();
    FactSet truth = prefix.union(inherited);
    PeerClass peerClass = classOf(prefix.cidr.family(), truth, born);
    prefix.share(peerClass.facts());
    return peerClass;
  }

  private PeerClass classOf(IpFamily family, FactSet truth, Set<PeerClass> born) {
    return of(family)
        .classes
        .computeIfAbsent(
            truth,
            unseen -> {
              PeerClass peerClass = new PeerClass(family, unseen, ids.take(hash(family, unseen)));
              born.add(peerClass);
              index(peerClass);
              return peerClass;
            });
  }

  private void index(PeerClass peerClass) {
    FactSet truth = peerClass.facts();
    for (int i = 0; i < truth.size(); i++) {
      of(peerClass.family())
          .byFact
          .computeIfAbsent(truth.get(i), f -> new HashSet<>(2))
          .add(peerClass);
    }
  }

  private void unindex(PeerClass peerClass) {
    Int2ObjectMap<Set<PeerClass>> byFact = of(peerClass.family()).byFact;
    FactSet truth = peerClass.facts();
    for (int i = 0; i < truth.size(); i++) {
      Set<PeerClass> classes = byFact.get(truth.get(i));
      if (classes != null && classes.remove(peerClass) && classes.isEmpty()) {
        byFact.remove(truth.get(i));
      }
    }
  }

  /** A sum over the facts, so that their numbering does not matter. */
  private long hash(IpFamily family, FactSet set) {
    long sum = 0;
    for (int i = 0; i < set.size(); i++) {
      sum += facts.hashOf(set.get(i));
    }
    return new ContentHash("class").add(family.version()).add(sum).value();
  }

  private void publish(Prefix prefix, PeerClass now) {
    boolean asItsCover = prefix.cover != null && prefix.cover.peerClass == now;
    int tell = asItsCover ? PublishedClasses.NONE : now.id();
    published.change(prefix.cidr, prefix.told, tell);
    prefix.told = tell;
  }

  private Set<PeerClass> bury(Set<PeerClass> suspects, Set<PeerClass> born) {
    Set<PeerClass> died = new LinkedHashSet<>();
    for (PeerClass suspect : suspects) {
      if (suspect.prefixes == 0) {
        of(suspect.family()).classes.remove(suspect.facts());
        unindex(suspect);
        ids.free(suspect.id());
        if (!born.remove(suspect)) {
          died.add(suspect);
        }
      }
    }
    return died;
  }
}
