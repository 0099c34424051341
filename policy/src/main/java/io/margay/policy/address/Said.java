package io.margay.policy.address;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What sources say of one prefix. Nearly always that is one source, which takes no map. A base of
 * {@code AddressSpace}'s prefixes, since an object more for each would be millions.
 */
abstract class Said {
  private @Nullable Object source;
  private FactSet facts = FactSet.EMPTY;

  /** All sources as soon as there is a second one; the fields above are then unused. */
  private @Nullable Map<Object, FactSet> many;

  /** Whether it is something else than the source said before. */
  final boolean put(Object from, FactSet said) {
    if (many != null) {
      return !said.equals(many.put(from, said));
    }
    if (source == null || source.equals(from)) {
      boolean news = source == null || !facts.equals(said);
      source = from;
      facts = said;
      return news;
    }
    many = new HashMap<>(4);
    many.put(source, facts);
    many.put(from, said);
    source = null;
    facts = FactSet.EMPTY;
    return true;
  }

  /** Whether the source had said anything. */
  final boolean remove(Object from) {
    if (many != null) {
      boolean known = many.remove(from) != null;
      if (many.isEmpty()) {
        many = null;
      }
      return known;
    }
    if (source == null || !source.equals(from)) {
      return false;
    }
    source = null;
    facts = FactSet.EMPTY;
    return true;
  }

  final boolean unsaid() {
    return source == null && many == null;
  }

  /** What any of the sources says, and what is true anyway. */
  final FactSet union(FactSet inherited) {
    List<FactSet> all = new ArrayList<>(many == null ? List.of(facts) : many.values());
    all.add(inherited);
    return FactSet.union(all);
  }

  /** Lets go of a set of which there is an equal one. */
  final void share(FactSet equal) {
    if (facts.equals(equal)) {
      facts = equal;
    }
  }
}
