/** The columns that the list can show; which ones, and in which order, is the reader's choice. */
export interface Column {
  readonly id: ColumnId;
  readonly label: string;
  readonly hint: string;
  /** The least width in pixels. */
  readonly width: number;
  /** The share of the width that is left over; 0 keeps to `width`. */
  readonly grow: number;
  /** Where there is not enough room, columns of the lowest rank give way first. */
  readonly rank: number;
}

export type ColumnId =
  | 'time'
  | 'end'
  | 'verdict'
  | 'pending'
  | 'source'
  | 'source_namespace'
  | 'source_name'
  | 'dest'
  | 'dest_namespace'
  | 'dest_name'
  | 'protocol'
  | 'dest_port'
  | 'port'
  | 'service'
  | 'reporter'
  | 'policy'
  | 'tier'
  | 'packets'
  | 'bytes';

export const COLUMNS: readonly Column[] = [
  { id: 'time', label: 'Time', hint: 'Start of the interval', width: 78, grow: 0, rank: 90 },
  { id: 'end', label: 'End', hint: 'End of the interval', width: 78, grow: 0, rank: 20 },
  { id: 'verdict', label: 'Verdict', hint: 'Enforced; the violet mark is the verdict with staged policies', width: 148, grow: 0, rank: 100 },
  { id: 'pending', label: 'Staged verdict', hint: 'The verdict if all staged policies were enforced', width: 104, grow: 0, rank: 50 },
  { id: 'source', label: 'Source', hint: 'Who opened the connection', width: 130, grow: 1.1, rank: 99 },
  { id: 'source_namespace', label: 'Source namespace', hint: 'Namespace of who opened the connection', width: 118, grow: 0.6, rank: 60 },
  { id: 'source_name', label: 'Source name', hint: 'Who opened the connection', width: 120, grow: 0.8, rank: 97 },
  { id: 'dest', label: 'Destination', hint: 'Whom it was for, after translation of service addresses', width: 130, grow: 1.1, rank: 98 },
  { id: 'dest_namespace', label: 'Dest. namespace', hint: 'Namespace of whom it was for', width: 118, grow: 0.6, rank: 59 },
  { id: 'dest_name', label: 'Dest. name', hint: 'Whom it was for', width: 120, grow: 0.8, rank: 96 },
  { id: 'protocol', label: 'Protocol', hint: 'Protocol above IP', width: 70, grow: 0, rank: 45 },
  { id: 'dest_port', label: 'Dest. port', hint: 'Port of the destination', width: 78, grow: 0, rank: 65 },
  { id: 'port', label: 'Port', hint: 'Protocol and destination port', width: 92, grow: 0, rank: 70 },
  { id: 'service', label: 'Service', hint: 'The service whose address the client used', width: 120, grow: 0.7, rank: 30 },
  { id: 'reporter', label: 'Reporter', hint: "Judged at the source's egress or at the destination's ingress", width: 76, grow: 0, rank: 40 },
  { id: 'policy', label: 'Decided by', hint: 'Policy and the number of its rule, from 0', width: 140, grow: 1.3, rank: 80 },
  { id: 'tier', label: 'Tier', hint: 'Tier of what decided', width: 90, grow: 0.3, rank: 25 },
  { id: 'packets', label: 'Packets', hint: 'Both ways, in the interval', width: 72, grow: 0, rank: 15 },
  { id: 'bytes', label: 'Bytes', hint: 'Both ways, in the interval', width: 72, grow: 0, rank: 35 },
];

export const USUAL_COLUMNS: readonly ColumnId[] = ['time', 'verdict', 'source', 'dest', 'port', 'reporter', 'policy', 'bytes'];

/** The columns that Calico's Whisker shows, in its order. */
export const WHISKER_COLUMNS: readonly ColumnId[] = [
  'time',
  'end',
  'verdict',
  'source_namespace',
  'source_name',
  'dest_namespace',
  'dest_name',
  'protocol',
  'dest_port',
  'reporter',
];

const BY_ID = new Map(COLUMNS.map((column) => [column.id, column]));

export function columnOf(id: ColumnId): Column {
  return BY_ID.get(id)!;
}

/** Reads a saved choice; what it does not know is left out, and nothing at all is the usual choice. */
export function parseColumns(saved: string | null): readonly ColumnId[] {
  const ids = (saved ?? '').split(',').filter((id): id is ColumnId => BY_ID.has(id as ColumnId));
  return ids.length === 0 ? USUAL_COLUMNS : [...new Set(ids)];
}

/** The chosen columns that fit into `width` pixels, in the chosen order. */
export function fitting(chosen: readonly ColumnId[], width: number): readonly Column[] {
  const columns = chosen.map(columnOf);
  const byRank = [...columns].sort((a, b) => a.rank - b.rank);
  const dropped = new Set<Column>();
  let needed = columns.reduce((sum, column) => sum + column.width, 0);
  for (const column of byRank) {
    if (needed <= width || dropped.size === columns.length - 1) break;
    dropped.add(column);
    needed -= column.width;
  }
  return columns.filter((column) => !dropped.has(column));
}

/** A value for `grid-template-columns`. */
export function tracksOf(columns: readonly Column[]): string {
  return columns.map(({ width, grow }) => (grow === 0 ? `${width}px` : `minmax(${width}px, ${grow}fr)`)).join(' ');
}

/** The list with one of its columns moved by a step; it stays as it is at either end. */
export function moved(ids: readonly ColumnId[], id: ColumnId, step: -1 | 1): readonly ColumnId[] {
  const from = ids.indexOf(id);
  const to = from + step;
  if (from < 0 || to < 0 || to >= ids.length) return ids;
  const next = [...ids];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}
