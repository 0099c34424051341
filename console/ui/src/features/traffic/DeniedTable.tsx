import { Link } from '../../app/router';
import { formatAge, formatFullTime } from '../../format/time';
import { FlowDecoder } from '../flows/api/decode';
import { peerText } from '../flows/filters/peers';
import { decidingHit, type Flow } from '../flows/model/flow';
import type { WireFlow } from '../flows/model/wire';
import { decisionTitle, directionOf } from '../verdict/words';
import { portLabel } from './names';
import styles from './tables.module.css';

interface DeniedTableProps {
  readonly flows: readonly WireFlow[];
  readonly now: number;
  readonly empty: string;
}

/** The newest denied flows; each leads to the reasons. */
export function DeniedTable({ flows, now, empty }: DeniedTableProps) {
  const decoder = new FlowDecoder();
  const rows = flows.map((wire) => decoder.fromWire(wire));
  return (
    <section className={styles.section} aria-label="Denied">
      <h2>
        What was denied <small>{rows.length > 0 && rows.length}</small>
      </h2>
      {rows.length === 0 ? (
        <p className={styles.empty}>{empty}</p>
      ) : (
        <div className={styles.frame} role="region" aria-label="Denied flows, table" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col">Port</th>
                <th scope="col">Decided by</th>
                <th scope="col">
                  <span className="visually-hidden">Reasons</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((flow) => (
                <Row key={flow.id} flow={flow} now={now} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ flow, now }: { readonly flow: Flow; readonly now: number }) {
  const hit = decidingHit(flow.trace.enforced);
  return (
    <tr>
      <td className={styles.dim} title={formatFullTime(flow.start)}>
        {formatAge(Math.min(flow.end, now), now)}
      </td>
      <td>{peerText(flow.source)}</td>
      <td>{peerText(flow.dest)}</td>
      <td className={styles.dim}>{portLabel(flow.protocol, flow.port)}</td>
      <td>
        {decisionTitle(hit)} <span className={styles.dim}>{directionOf(flow.reporter)}</span>
      </td>
      <td className={styles.links}>
        <Link href={`/?verdict=deny&flow=${encodeURIComponent(flow.id)}`}>Why</Link>
        <Link href={`/?verdict=deny&flow=${encodeURIComponent(flow.id)}&tab=fix`}>Fix</Link>
      </td>
    </tr>
  );
}
