package io.margay.kernel.route;

/** What a {@link RouteMonitor} sees. */
public sealed interface RouteEvent {
  /** An interface is new or has changed. */
  record LinkChanged(Link link) implements RouteEvent {}

  /** An interface is gone. */
  record LinkRemoved(Link link) implements RouteEvent {}

  /** A route is new or has changed. */
  record RouteChanged(Route route) implements RouteEvent {}

  /** A route is gone. */
  record RouteRemoved(Route route) implements RouteEvent {}

  /** Events were lost: list everything again. */
  record Resync() implements RouteEvent {}
}
