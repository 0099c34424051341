package io.margay.dataplane.nftables;

import io.margay.model.verdict.Direction;
import io.margay.policy.table.Judge;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The numbers by which interfaces refer to their judges: a group's id, or, for a judge that looks
 * at the local address too, a number above all ids with a chain that chooses the group. Such chains
 * live as long as an interface refers to them.
 */
final class LocalJudges {
  /** Group ids are below. */
  private static final int FIRST = 1 << 30;

  private final Ruleset ruleset;
  private final Map<Key, Entry> entries = new HashMap<>();
  private final Set<Integer> taken = new HashSet<>();

  private record Key(Judge judge, Direction direction) {}

  private record Entry(int number, int users) {}

  LocalJudges(Ruleset ruleset) {
    this.ruleset = ruleset;
  }

  /** The number of a judge, which one more interface uses. */
  int acquire(Judge judge, Direction direction) {
    if (judge.groups().isEmpty()) {
      return judge.usual();
    }
    Key key = new Key(judge, direction);
    Entry entry = entries.get(key);
    if (entry == null) {
      entry = new Entry(newNumber(key), 0);
      writeChain(entry.number, judge, direction);
    }
    entries.put(key, new Entry(entry.number, entry.users + 1));
    return entry.number;
  }

  /** One interface fewer uses the judge. */
  void release(Judge judge, Direction direction) {
    Key key = new Key(judge, direction);
    Entry entry = entries.get(key);
    if (entry == null) {
      return;
    }
    if (entry.users > 1) {
      entries.put(key, new Entry(entry.number, entry.users - 1));
      return;
    }
    entries.remove(key);
    taken.remove(entry.number);
    ruleset.elements(Layout.GROUPS).remove(new ElementKey.Mark(entry.number));
    ruleset.chains().remove(name(entry.number));
    ruleset.drop(name(entry.number));
  }

  /** From the content, so that a restart finds the same number; the next one when it is taken. */
  private int newNumber(Key key) {
    int hash = 31 * key.judge.hashCode() + key.direction.ordinal();
    int number = FIRST | (hash & (FIRST - 1));
    while (number == Layout.NOT_JUDGED || !taken.add(number)) {
      number = FIRST | ((number + 1) & (FIRST - 1));
    }
    return number;
  }

  private void writeChain(int number, Judge judge, Direction direction) {
    String name = name(number);
    ruleset.declare(name, SetSpec.map("mark", "verdict"));
    Map<ElementKey, ElementValue> groups = new HashMap<>();
    judge
        .groups()
        .forEach((local, group) ->
            groups.put(new ElementKey.Mark(local), new ElementValue.Goto("g" + group)));
    ruleset.elements(name).replace(groups);
    String localClass =
        direction == Direction.INGRESS ? Layout.CLASS_OF_DESTINATION : Layout.CLASS_OF_SOURCE;
    ruleset
        .chains()
        .set(
            name,
            Chain.of("jump " + localClass, "meta mark vmap @" + name, "goto g" + judge.usual()));
    ruleset.elements(Layout.GROUPS).set(new ElementKey.Mark(number), new ElementValue.Goto(name));
  }

  private static String name(int number) {
    return "l" + number;
  }
}
