package io.margay.policy.engine;

import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import it.unimi.dsi.fastutil.ints.IntSet;
import java.util.List;

/**
 * Ports, all names resolved.
 *
 * @param keys {@code protocol << 16 | port} of the resolved names
 */
record PortMatcher(List<PortRange> ranges, IntSet keys) {

  boolean contains(Protocol protocol, int port) {
    if (!protocol.hasPorts()) {
      return false;
    }
    for (PortRange range : ranges) {
      if (range.contains(port)) {
        return true;
      }
    }
    return keys.contains(SideQuestions.portKey(protocol, port));
  }
}
