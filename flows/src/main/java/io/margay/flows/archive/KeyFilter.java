package io.margay.flows.archive;

import io.margay.flows.FlowKey;
import io.margay.flows.query.FlowFilter;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A filter on numbers of keys, made once for each question. Parts about which nothing is asked have
 * no set.
 */
final class KeyFilter implements IntPredicate {
  private final FlowFilter filter;
  private final KeyDictionary.Columns columns;
  private final @Nullable BitSet sources;
  private final @Nullable BitSet dests;
  private final @Nullable BitSet namespaces;
  private final @Nullable BitSet traces;
  private final boolean looksAtRest;

  KeyFilter(KeyDictionary dictionary, FlowFilter filter) {
    this.filter = filter;
    this.columns = dictionary.columns();
    PeerTexts peers = dictionary.peerTexts();
    this.sources = peers.matching(filter.sourceNames(), filter.sourceNamespaces());
    this.dests = peers.matching(filter.destNames(), filter.destNamespaces());
    this.namespaces = peers.matching(List.of(), filter.namespaces());
    this.traces =
        filter.actions().isEmpty()
                && filter.pendingActions().isEmpty()
                && filter.policies().isEmpty()
                && !filter.pendingDiffers()
            ? null
            : accepted(dictionary.traces, filter::accepts);
    this.looksAtRest =
        filter.reporter() != null || !filter.protocols().isEmpty() || !filter.destPorts().isEmpty();
  }

  private static <T> BitSet accepted(Dictionary<T> values, Predicate<T> test) {
    int size = values.size();
    BitSet accepted = new BitSet(size);
    for (int number = 0; number < size; number++) {
      T value = values.get(number);
      if (value != null && test.test(value)) { // Numbers of forgotten values are empty.
        accepted.set(number);
      }
    }
    return accepted;
  }

  @Override
  public boolean test(int number) {
    if (number < 0 || number >= columns.keys.length) {
      return false;
    }
    FlowKey key = columns.keys[number];
    int source = columns.source[number];
    int dest = columns.dest[number];
    return key != null
        && holds(traces, columns.trace[number])
        && holds(sources, source)
        && holds(dests, dest)
        && (holds(namespaces, source) || holds(namespaces, dest))
        && (!looksAtRest || filter.accepts(key.protocolName(), key.destPort(), key.reporter()));
  }

  private static boolean holds(@Nullable BitSet accepted, int number) {
    return accepted == null || accepted.get(number);
  }

  /** Whether it looks at traces and reporters only, as statistics know them. */
  static boolean isOfTraces(FlowFilter filter) {
    return filter.sourceNames().isEmpty()
        && filter.sourceNamespaces().isEmpty()
        && filter.destNames().isEmpty()
        && filter.destNamespaces().isEmpty()
        && filter.namespaces().isEmpty()
        && filter.protocols().isEmpty()
        && filter.destPorts().isEmpty();
  }
}
