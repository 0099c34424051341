package io.margay.network.route;

import java.util.List;

/**
 * How a node's routes are.
 *
 * @param inSync whether the cluster has been read as far as to program anything
 * @param routes how many routes there are
 * @param waiting how many have no interface yet
 * @param applied how often the kernel was compared with what it should hold
 * @param failures how many changes the kernel refused since the start; each is tried again
 * @param seconds how long the last comparison took
 * @param problems why something is not routed now, one sentence each
 */
public record RouteReport(
    boolean inSync,
    int routes,
    int waiting,
    long applied,
    long failures,
    double seconds,
    List<String> problems) {
  public RouteReport {
    problems = List.copyOf(problems);
  }

  static RouteReport beforeTheFirst() {
    return new RouteReport(false, 0, 0, 0, 0, 0, List.of());
  }
}
