package io.margay.flows.directory;

import io.margay.flows.FlowPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who an address belongs to.
 *
 * @param labels {@code key=value}, sorted, as selectors see them
 */
public record Attribution(FlowPeer peer, List<String> labels) {
  public Attribution {
    labels = List.copyOf(labels);
  }

  static List<String> labels(Map<String, String> own, Map<String, String> added) {
    TreeMap<String, String> all = new TreeMap<>(own);
    all.putAll(added);
    List<String> labels = new ArrayList<>(all.size());
    all.forEach((key, value) -> labels.add(key + "=" + value));
    return labels;
  }
}
