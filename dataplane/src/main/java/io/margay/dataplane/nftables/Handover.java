package io.margay.dataplane.nftables;

import io.margay.dataplane.DeltaTracker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a change of several lookups that depend on each other visible in one instant.
 *
 * <p>A judgement is a row of lookups: interface → group, address → class, and in the group's map
 * class → port table. A packet that is being judged while elements change has its first lookups
 * from the old state and its last ones from the new, so it could meet a group that does not know
 * its class, or a class that has another meaning there. But its rules are those of the moment at
 * which it entered, all of them. So, with a moment in between for packets to pass:
 *
 * <ol>
 *   <li>the new values are put beside the maps, into shadows that no rule looks into;
 *   <li>the rules are changed, all at once, to look into the shadows first;
 *   <li>the maps get the new values, which the shadows cover;
 *   <li>the rules are changed back, and the shadows go.
 * </ol>
 *
 * <p>Every packet is judged by the old state or by the new one. A change of a single lookup needs
 * none of this, and neither do ids that are new or no longer used: see {@link #isNeeded}.
 */
final class Handover {
  private static final String SHADOW = "_next";

  private final Ruleset ruleset;

  /** What the shadow of each map holds. */
  private final Map<String, Map<ElementKey, ElementValue>> shadows = new HashMap<>();

  /** The chains that look into shadows, as they should be in the end. */
  private final Map<String, Chain> settled = new LinkedHashMap<>();

  private Handover(Ruleset ruleset) {
    this.ruleset = ruleset;
  }

  /** The handover that the difference needs; null when a plain change is as good. */
  static @Nullable Handover of(Ruleset ruleset) {
    return isNeeded(ruleset) ? new Handover(ruleset) : null;
  }

  /** The maps whose changes wait until shadows cover them. */
  Set<String> maps() {
    return shadows.keySet();
  }

  /** Wants the shadows to be there, and the chains to look into them. */
  void begin() {
    Layout.INTERFACE_MAPS.forEach(this::shadow);
    Layout.CLASS_MAPS.forEach(this::shadow);
    ruleset.groupMaps().forEach(this::shadow);
    shadows.forEach((map, elements) -> {
      ruleset.declare(map + SHADOW, Objects.requireNonNull(ruleset.sets().desired().get(map)));
      ruleset.elements(map + SHADOW).replace(elements);
    });
    ruleset
        .chains()
        .desired()
        .forEach((name, chain) -> {
          Chain looking = lookingIntoShadows(name, chain);
          if (!looking.equals(chain)) {
            settled.put(name, chain);
          }
        });
    settled.forEach((name, chain) -> ruleset.chains().set(name, lookingIntoShadows(name, chain)));
  }

  /** Wants the chains as they should be in the end, and the shadows gone. */
  void end() {
    settled.forEach(ruleset.chains()::set);
    shadows.keySet().forEach(map -> ruleset.drop(map + SHADOW));
  }

  private void shadow(String map) {
    if (!ruleset.isDeclared(map) || ruleset.sets().actual(map) == null) {
      return;
    }
    DeltaTracker<ElementKey, ElementValue> content = ruleset.elements(map);
    if (content.inSync()) {
      return;
    }
    Map<ElementKey, ElementValue> next = new HashMap<>();
    if (Layout.isRangeMap(map)) {
      next.putAll(content.desired());
    } else {
      content.forEachToSet(next::put);
      content.forEachToRemove(key -> {
        ElementValue instead = valueOfAbsent(map, key);
        if (instead != null) {
          next.put(key, instead);
        }
      });
    }
    shadows.put(map, next);
  }

  /** What the rules go on with where a map lacks the key. */
  private @Nullable ElementValue valueOfAbsent(String map, ElementKey key) {
    return Layout.CLASS_MAPS.contains(map)
        ? Departures.classBehind(ruleset, map, key)
        : ruleset.valueOfAbsent(map);
  }

  /** Only a group's own chain looks into its map; the fixed chains look into the others. */
  private Chain lookingIntoShadows(String name, Chain chain) {
    if (Layout.isNumbered(name)) {
      return shadows.containsKey(name) ? lookingInto(chain, List.of(name)) : chain;
    }
    return lookingInto(
        chain, shadows.keySet().stream().filter(map -> !Layout.isNumbered(map)).toList());
  }

  private static Chain lookingInto(Chain chain, List<String> maps) {
    List<Chain.Rule> rules = new ArrayList<>();
    for (Chain.Rule rule : chain.rules()) {
      String map = maps.stream().filter(rule::looksInto).findAny().orElse(null);
      if (map == null) {
        rules.add(rule);
        continue;
      }
      Chain.Rule first = rule.lookingInto(map, map + SHADOW);
      // A rule that returns has the last word when it finds something, any other the first.
      if (rule.text().endsWith(" return")) {
        rules.add(first);
        rules.add(rule);
      } else {
        rules.add(rule);
        rules.add(first);
      }
    }
    return new Chain(chain.hook(), rules);
  }

  /**
   * Whether two lookups that depend on each other change. A group's map that only gets classes
   * which no address had, or loses classes that no address has any more, counts as unchanged.
   */
  private static boolean isNeeded(Ruleset ruleset) {
    if (!ruleset.tableExists()) {
      return false;
    }
    boolean classes = Layout.CLASS_MAPS.stream().anyMatch(map -> !ruleset.elements(map).inSync());
    boolean interfaces =
        Layout.INTERFACE_MAPS.stream().anyMatch(map -> changesValues(ruleset.elements(map)));
    if (classes && interfaces) {
      return true;
    }
    return (classes || interfaces)
        && ruleset.groupMaps().stream().anyMatch(map -> changesKnownClasses(ruleset, map));
  }

  private static boolean changesValues(DeltaTracker<ElementKey, ElementValue> content) {
    boolean[] found = new boolean[1];
    content.forEachToSet((key, value) -> found[0] |= content.actual(key) != null);
    return found[0];
  }

  private static boolean changesKnownClasses(Ruleset ruleset, String map) {
    if (ruleset.chains().actual(map) == null) {
      return false; // a group that is new as a whole
    }
    if (!ruleset.chains().inSync(map)) {
      return true;
    }
    DeltaTracker<ElementKey, ElementValue> content = ruleset.elements(map);
    boolean[] found = new boolean[1];
    content.forEachToSet(
        (key, value) -> found[0] |= content.actual(key) != null || !ruleset.classes().isNew(key));
    content.forEachToRemove(key -> found[0] |= ruleset.classes().isUsed(key));
    return found[0];
  }
}
