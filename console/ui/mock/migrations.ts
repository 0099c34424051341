const MINUTE = 60_000;

/** Some machines that moved, one that moves, and one that could not. */
export function migrationsOf(target: number, now: number): object {
  const items = [
    migration('db', 'running', now - 4_000, ['pending', 'prepared', 'live'], [0, 300, 3_100], null, 14),
    migration('web', 'to-node-2', now - 7 * MINUTE, ['pending', 'prepared', 'live', 'converging', 'succeeded'], [0, 180, 2_900, 3_400, 33_400], 11, 42),
    migration('db', 'back', now - 40 * MINUTE, ['pending', 'prepared', 'live', 'converging', 'succeeded'], [0, 220, 5_100, 5_700, 35_700], 38, 17),
    { ...migration('cache', 'no-room', now - 55 * MINUTE, ['pending', 'prepared', 'failed'], [0, 260, 21_000], null, 0), reason: 'node-2 was killed: the machine stays on node-1' },
    migration('web', 'first', now - 300 * MINUTE, ['pending', 'prepared', 'live', 'converging', 'succeeded'], [0, 140, 2_100, 2_600, 32_600], 9, 40),
  ];
  const gaps = items.flatMap(({ gap_millis: gap }) => (gap === null ? [] : [gap])).sort((a, b) => a - b);
  return {
    items,
    objective: {
      gap_millis: target,
      within: gaps.filter((gap) => gap <= target).length,
      measured: gaps.length,
      succeeded: 3,
      failed: 1,
      median_gap_millis: gaps[Math.floor(gaps.length / 2)] ?? null,
    },
  };
}

function migration(machine: string, name: string, began: number, phases: readonly string[], after: readonly number[], gap: number | null, moved: number) {
  return {
    namespace: 'vms',
    name: `${machine}-${name}`,
    machine,
    uid: `${machine}-${name}`,
    source: { pod: `virt-launcher-${machine}-a`, node: 'node-1' },
    target: { pod: `virt-launcher-${machine}-b`, node: 'node-2' },
    phase: phases.at(-1)!,
    steps: phases.map((phase, index) => ({ phase, at: new Date(began + after[index]!).toISOString() })),
    gap_millis: gap,
    gap_packets: gap === null ? null : Math.ceil(gap / 10),
    connections: { moved, kept: 0, dropped: 0 },
    reason: '',
    owner: '',
  };
}
