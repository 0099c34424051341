package io.margay.network.route;

/** How a node treats the route to one of its pods. */
public enum RoutePriority {
  /**
   * No route: the pod waits for a machine that runs elsewhere, or was to move there and did not.
   */
  NONE,
  NORMAL,
  /** Preferred over the route of any other node that has the address too. */
  ELEVATED
}
