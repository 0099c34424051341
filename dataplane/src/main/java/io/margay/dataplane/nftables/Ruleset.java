package io.margay.dataplane.nftables;

import io.margay.dataplane.DeltaTracker;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Our table as it should be and as it is: chains, sets, and the elements of the sets. Chains and
 * sets are named by the ids of what they stand for.
 */
final class Ruleset {
  private final DeltaTracker<String, Chain> chains = new DeltaTracker<>();
  private final DeltaTracker<String, SetSpec> sets = new DeltaTracker<>();
  private final DeltaTracker<String, Counter> counters = new DeltaTracker<>();
  private final Map<String, DeltaTracker<ElementKey, ElementValue>> elements = new HashMap<>();
  private final Map<String, ElementValue> absent = new HashMap<>();
  private final Set<String> groupMaps = new HashSet<>();
  private final LiveClasses classes = new LiveClasses();
  private boolean tableExists;

  /** A named counter; there is nothing more to it than its name. */
  record Counter() {}

  DeltaTracker<String, Chain> chains() {
    return chains;
  }

  /** Wants a set to be there. */
  void declare(String name, SetSpec spec) {
    sets.set(name, spec);
    elements.computeIfAbsent(name, n -> new DeltaTracker<>());
  }

  /**
   * Wants a map to be there, with a twin that is searched where the map gives nothing. While a key
   * changes its value the kernel may for a moment find neither; the twin has the old one meanwhile.
   */
  void declareWithTwin(String name, SetSpec spec) {
    declare(name, spec);
    declare(twin(name), spec);
  }

  void dropWithTwin(String name) {
    drop(name);
    drop(twin(name));
    absent.remove(name);
    groupMaps.remove(name);
  }

  /** Wants a group's map from class to port table to be there. */
  void declareGroupMap(String name, ElementValue usual) {
    declareWithTwin(name, SetSpec.map("mark", "mark"));
    absent(name, usual);
    groupMaps.add(name);
  }

  /** The maps from class to port table. */
  Set<String> groupMaps() {
    return groupMaps;
  }

  /** Notes what rules go on with where a map lacks the key. */
  void absent(String map, ElementValue value) {
    absent.put(map, value);
  }

  @Nullable ElementValue valueOfAbsent(String map) {
    return absent.get(map);
  }

  /** The classes that addresses should have. */
  LiveClasses classes() {
    return classes;
  }

  static String twin(String map) {
    return map + "_old";
  }

  /** Wants a set gone, with all that is in it. */
  void drop(String name) {
    sets.remove(name);
    DeltaTracker<ElementKey, ElementValue> content = elements.get(name);
    if (content != null) {
      content.replace(Map.of());
      if (sets.actual(name) == null) {
        elements.remove(name);
      }
    }
  }

  boolean isDeclared(String name) {
    return sets.desired().containsKey(name);
  }

  /** The elements of a declared set. */
  DeltaTracker<ElementKey, ElementValue> elements(String set) {
    return Objects.requireNonNull(elements.get(set), set);
  }

  /** Whether a set's elements can be sent without nft, and lead to no chain. */
  boolean canBeFilledFirst(String set) {
    SetSpec spec = sets.desired().get(set);
    return spec != null && !spec.intervals() && !spec.valueType().equals("verdict");
  }

  DeltaTracker<String, Counter> counters() {
    return counters;
  }

  DeltaTracker<String, SetSpec> sets() {
    return sets;
  }

  Map<String, DeltaTracker<ElementKey, ElementValue>> allElements() {
    return elements;
  }

  boolean tableExists() {
    return tableExists;
  }

  boolean inSync() {
    return tableExists
        && chains.inSync()
        && sets.inSync()
        && counters.inSync()
        && elements.values().stream().allMatch(DeltaTracker::inSync);
  }

  /** How many chains, sets and elements differ. */
  int pending() {
    return chains.pending()
        + sets.pending()
        + counters.pending()
        + elements.values().stream().mapToInt(DeltaTracker::pending).sum();
  }

  /**
   * Whether something differs that cannot be changed in place: the type of a set that rules refer
   * to, or the hook of a base chain. Only an upgrade or a stranger's hand brings this about.
   */
  boolean needsReplacing() {
    boolean[] found = new boolean[1];
    sets.forEachToSet((name, spec) -> found[0] |= sets.actual(name) != null);
    chains.forEachToSet((name, chain) -> {
      Chain actual = chains.actual(name);
      found[0] |= actual != null && !Objects.equals(actual.hook(), chain.hook());
    });
    return found[0];
  }

  /** Takes over what was read back from the kernel. */
  void replaceActual(TableListing found) {
    tableExists = found.exists();
    classes.seen();
    chains.replaceActual(found.chains());
    sets.replaceActual(found.sets());
    counters.replaceActual(found.counters());
    found.sets().keySet().forEach(n -> elements.computeIfAbsent(n, x -> new DeltaTracker<>()));
    elements.forEach(
        (name, tracker) -> tracker.replaceActual(found.elements().getOrDefault(name, Map.of())));
  }

  /** The kernel has the table. */
  void confirmTable() {
    tableExists = true;
  }

  /** The kernel has dropped a set with all that was in it. */
  void confirmDropped(String set) {
    sets.confirm(set);
    elements.remove(set);
  }
}
