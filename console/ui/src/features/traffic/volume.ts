/** How much was seen; both ends of a connection count it when both are known. */
export interface Volume {
  /** That began, or attempts that were denied. */
  readonly connections: number;
  readonly packets: number;
  readonly bytes: number;
}

/** Connections, and one where only packets of an older one were seen: it was there, after all. */
export function callsOf({ connections, packets }: Volume): number {
  return connections === 0 && packets > 0 ? 1 : connections;
}
