package io.margay.flows.archive;

import io.margay.flows.FlowPeer;
import io.margay.flows.query.StringMatch;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Names and namespaces of the peers that were known at some moment. */
record PeerTexts(TextColumn names, TextColumn namespaces) {
  static final PeerTexts EMPTY = new PeerTexts(TextColumn.EMPTY, TextColumn.EMPTY);

  int size() {
    return names.size();
  }

  /** The same up to a number of peers. */
  PeerTexts upTo(int end, Dictionary<FlowPeer> peers) {
    return new PeerTexts(
        names.with(texts(end, peers, FlowPeer::name)),
        namespaces.with(texts(end, peers, FlowPeer::namespace)));
  }

  private List<String> texts(int end, Dictionary<FlowPeer> peers, Function<FlowPeer, String> text) {
    List<String> texts = new ArrayList<>(end - size());
    for (int number = size(); number < end; number++) {
      FlowPeer peer = peers.get(number);
      texts.add(peer == null ? "" : text.apply(peer)); // Numbers of forgotten peers are empty.
    }
    return texts;
  }

  /** The numbers of peers with such a name and such a namespace; null if nothing is asked. */
  @Nullable BitSet matching(List<StringMatch> wantedNames, List<StringMatch> wantedNamespaces) {
    BitSet inNames = names.matching(wantedNames);
    BitSet inNamespaces = namespaces.matching(wantedNamespaces);
    if (inNames == null && inNamespaces == null) {
      return null;
    }
    BitSet found = new BitSet(size());
    for (int peer = 0; peer < size(); peer++) {
      if ((inNames == null || inNames.get(names.place(peer)))
          && (inNamespaces == null || inNamespaces.get(namespaces.place(peer)))) {
        found.set(peer);
      }
    }
    return found;
  }
}
