package io.margay.policy.engine;

import io.margay.model.verdict.Direction;
import io.margay.policy.address.FactSet;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntSet;
import it.unimi.dsi.fastutil.longs.LongArrayList;

/**
 * The rules of a chain whose local side holds, by one fact that they need of the far side; the rest
 * has to be looked at for every class. A rule is known by its place, {@code part << 32 | index}.
 */
final class RuleIndex {
  private final Direction direction;
  private final FactSet localFacts;
  private final Int2ObjectMap<LongArrayList> byFact = new Int2ObjectOpenHashMap<>();
  private final LongArrayList unconditional = new LongArrayList();

  /** How many rules ask a question of the far side, by its base fact. */
  private final Int2IntOpenHashMap asked = new Int2IntOpenHashMap();

  RuleIndex(Direction direction, FactSet localFacts) {
    this.direction = direction;
    this.localFacts = localFacts;
  }

  void add(int part, CompiledRules rules) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).local(direction).hold(localFacts)) {
        SideQuestions remote = rules.get(i).remote(direction);
        LongArrayList places =
            remote.must().length == 0
                ? unconditional
                : byFact.computeIfAbsent(remote.must()[0], f -> new LongArrayList(1));
        places.add(place(part, i));
        remote.forEachBase(base -> asked.addTo(base, 1));
      }
    }
  }

  /** Takes back what was added as this part. */
  void remove(int part, CompiledRules rules) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).local(direction).hold(localFacts)) {
        SideQuestions remote = rules.get(i).remote(direction);
        if (remote.must().length == 0) {
          unconditional.rem(place(part, i));
        } else {
          LongArrayList places = byFact.get(remote.must()[0]);
          places.rem(place(part, i));
          if (places.isEmpty()) {
            byFact.remove(remote.must()[0]);
          }
        }
        remote.forEachBase(base -> {
          if (asked.addTo(base, -1) == 1) {
            asked.remove(base);
          }
        });
      }
    }
  }

  /** The base facts of all questions about the far side. */
  IntSet asked() {
    return asked.keySet();
  }

  /** The places, in order, of the rules that may match where this is true of the far side. */
  long[] candidates(FactSet remoteFacts) {
    LongArrayList places = new LongArrayList(unconditional);
    for (int i = 0; i < remoteFacts.size(); i++) {
      LongArrayList needing = byFact.get(remoteFacts.get(i));
      if (needing != null) {
        places.addAll(needing);
      }
    }
    places.sort(null);
    return places.toLongArray();
  }

  private static long place(int part, int index) {
    return (long) part << 32 | index;
  }

  static int part(long place) {
    return (int) (place >> 32);
  }

  static int index(long place) {
    return (int) place;
  }
}
