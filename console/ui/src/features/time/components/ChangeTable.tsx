import { Link } from '../../../app/router';
import { Badge, type Tone } from '../../../design/Badge';
import { classes } from '../../../design/classes';
import { Notice } from '../../../design/Notice';
import { formatBytes, formatCount } from '../../../format/text';
import type { Filters } from '../../flows/filters/filters';
import type { Range } from '../../flows/filters/range';
import { flowsHref } from '../../flows/filters/url';
import type { GraphNode } from '../../graph/api';
import { labelOf } from '../../graph/model/view';
import tables from '../../traffic/tables.module.css';
import type { ChangeKind, Counts, EdgeChange } from '../model/compare';
import styles from './ChangeTable.module.css';

interface ChangeTableProps {
  readonly changes: readonly EdgeChange[];
  readonly all: boolean;
  readonly filters: Filters;
  readonly before: Range;
  readonly after: Range;
}

const TONES: Readonly<Record<ChangeKind, Tone>> = {
  'newly denied': 'deny',
  new: 'accent',
  'no longer denied': 'allow',
  gone: 'warn',
  more: 'plain',
  less: 'plain',
  same: 'plain',
};

const SHOWN = 500;

/** What became of each connection, what needs attention first. */
export function ChangeTable({ changes, all, filters, before, after }: ChangeTableProps) {
  const shown = changes.filter((change) => all || change.kind !== 'same').slice(0, SHOWN);
  if (shown.length === 0) {
    return (
      <Notice icon="done" title={changes.length === 0 ? 'Nothing was recorded in either time' : 'Nothing changed'}>
        {changes.length === 0
          ? 'Choose longer times, or clear the filters.'
          : `The same ${formatCount(changes.length)} connections in about the same volume, and no other verdict. Press a to see them.`}
      </Notice>
    );
  }
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Changes" data-scrolls>
      <Summary changes={changes} />
      <div className={classes(tables.frame, styles.frame)}>
        <table>
          <thead>
            <tr>
              <th scope="col">Change</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col" className={tables.number}>
                Allowed
              </th>
              <th scope="col" className={tables.number}>
                Denied
              </th>
              <th scope="col" className={tables.number}>
                Bytes
              </th>
              <th scope="col">
                <span className="visually-hidden">Flows</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((change) => (
              <Row key={`${change.source.id} ${change.dest.id}`} change={change} filters={filters} before={before} after={after} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Summary({ changes }: { readonly changes: readonly EdgeChange[] }) {
  const kinds = Object.keys(TONES) as ChangeKind[];
  return (
    <p className={styles.summary}>
      {kinds.map((kind) => {
        const count = changes.filter((change) => change.kind === kind).length;
        return (
          count > 0 && (
            <Badge key={kind} tone={TONES[kind]}>
              {count} {kind}
            </Badge>
          )
        );
      })}
    </p>
  );
}

interface RowProps {
  readonly change: EdgeChange;
  readonly filters: Filters;
  readonly before: Range;
  readonly after: Range;
}

function Row({ change: { source, dest, kind, before: was, after: is }, filters, before, after }: RowProps) {
  const peers = { ...filters, sources: [peerOf(source)], dests: [peerOf(dest)] };
  return (
    <tr>
      <td>
        <Badge tone={TONES[kind]}>{kind}</Badge>
      </td>
      <td>{labelOf(source)}</td>
      <td>{labelOf(dest)}</td>
      <Pair was={was} is={is} field="allowed" format={formatCount} />
      <Pair was={was} is={is} field="denied" format={formatCount} />
      <Pair was={was} is={is} field="bytes" format={formatBytes} />
      <td className={tables.links}>
        {was.allowed + was.denied > 0 && <Link href={flowsHref(peers, before)}>Before</Link>}
        {is.allowed + is.denied > 0 && <Link href={flowsHref(peers, after)}>After</Link>}
      </td>
    </tr>
  );
}

interface PairProps {
  readonly was: Counts;
  readonly is: Counts;
  readonly field: keyof Counts;
  readonly format: (count: number) => string;
}

function Pair({ was, is, field, format }: PairProps) {
  const changed = was[field] !== is[field];
  return (
    <td className={tables.number}>
      <span className={tables.dim}>{format(was[field])} → </span>
      <span className={classes(!changed && tables.dim, field === 'denied' && is.denied > 0 && tables.deny)}>{format(is[field])}</span>
    </td>
  );
}

function peerOf(node: GraphNode): string {
  return node.namespace === '' ? labelOf(node) : `${node.namespace}/${node.name}`;
}
