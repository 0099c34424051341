package io.margay.model.vector;

import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import io.margay.model.verdict.Verdict;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Who reaches whom on one port.
 *
 * @param order the destinations, {@code namespace/pod}
 * @param rows by source, one character for each destination: A allowed, D denied, S the pod itself,
 *     which is always reachable and not checked
 */
public record ReachTable(
    Protocol protocol,
    int port,
    IpFamily family,
    List<VectorPeer.PodPeer> order,
    Map<VectorPeer.PodPeer, String> rows) {

  public ReachTable {
    order = List.copyOf(order);
    rows = Map.copyOf(rows);
    for (String row : rows.values()) {
      if (row.length() != order.size() || !row.matches("[ADS]*")) {
        throw new IllegalArgumentException(
            "the row \"" + row + "\" does not have one of A, D, S for each destination");
      }
    }
  }

  /** The cells as expectations, sources in the order of the destinations. */
  public Stream<Expectation> expectations() {
    return order.stream().flatMap(source -> row(source, rows.getOrDefault(source, "")));
  }

  private Stream<Expectation> row(VectorPeer.PodPeer source, String cells) {
    return IntStream.range(0, cells.length())
        .filter(column -> cells.charAt(column) != 'S')
        .mapToObj(column -> cell(source, order.get(column), cells.charAt(column) == 'A'));
  }

  private Expectation cell(
      VectorPeer.PodPeer source, VectorPeer.PodPeer destination, boolean allowed) {
    return new Expectation(
        source,
        destination,
        family,
        protocol,
        Expectation.EPHEMERAL_PORT,
        port,
        List.of(),
        allowed ? Verdict.ALLOW : Verdict.DENY,
        null,
        null,
        null);
  }
}
