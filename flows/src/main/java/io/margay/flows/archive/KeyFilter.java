package io.margay.flows.archive;

import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.query.FlowFilter;
import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** A filter on numbers of keys, made once for each question. */
final class KeyFilter implements IntPredicate {
  private final FlowFilter filter;
  private final KeyDictionary.Columns columns;
  private final BitSet sources;
  private final BitSet dests;
  private final BitSet namespaces;
  private final BitSet traces;
  private final boolean looksAtRest;

  KeyFilter(KeyDictionary dictionary, FlowFilter filter) {
    this.filter = filter;
    this.columns = dictionary.columns();
    this.sources = accepted(dictionary.peers, filter::acceptsSource);
    this.dests = accepted(dictionary.peers, filter::acceptsDest);
    this.namespaces = accepted(dictionary.peers, (FlowPeer peer) -> filter.acceptsEnd(peer));
    this.traces = accepted(dictionary.traces, filter::accepts);
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
        && traces.get(columns.trace[number])
        && sources.get(source)
        && dests.get(dest)
        && (namespaces.get(source) || namespaces.get(dest))
        && (!looksAtRest || filter.accepts(key.protocolName(), key.destPort(), key.reporter()));
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
