package io.margay.kernel.conntrack;

/** What {@link ConntrackMonitor} sees. */
public sealed interface ConntrackEvent {
  /** A connection was made; it has no counters yet. */
  record Begun(TrackedConnection connection) implements ConntrackEvent {}

  /** State or mark of a connection changed; such events carry no counters. */
  record Changed(TrackedConnection connection) implements ConntrackEvent {}

  /** A connection is gone; its counters are final. */
  record Ended(TrackedConnection connection) implements ConntrackEvent {}

  /** Events were lost: compare with {@link Conntrack#connections}. */
  record Resync() implements ConntrackEvent {}
}
