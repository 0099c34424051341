import { endpointHref } from '../../app/pages';
import { Link } from '../../app/router';
import { classes } from '../../design/classes';
import { formatBytes, formatCount, plural } from '../../format/text';
import { formatAge } from '../../format/time';
import { flowsHref } from '../flows/filters/url';
import type { Range } from '../flows/filters/range';
import { portLabel, displayName } from './names';
import type { Peer } from './api';
import styles from './tables.module.css';
import { callsOf } from './volume';

interface PeerTableProps {
  readonly title: string;
  readonly peers: readonly Peer[];
  readonly now: number;
  readonly range: Range;
  /** The filters that lead to the flows of a peer. */
  readonly filtersOf: (peer: Peer) => Parameters<typeof flowsHref>[0];
  readonly empty: string;
}

/** Who talks to it or to whom it talks, the largest first. */
export function PeerTable({ title, peers, now, range, filtersOf, empty }: PeerTableProps) {
  return (
    <section className={styles.section} aria-label={title}>
      <h2>
        {title} <small>{peers.length > 0 && peers.length}</small>
      </h2>
      {peers.length === 0 ? (
        <p className={styles.empty}>{empty}</p>
      ) : (
        <div className={styles.frame} role="region" aria-label={`${title}, table`} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Peer</th>
                <th scope="col">Port</th>
                <th scope="col" className={styles.number}>
                  Allowed
                </th>
                <th scope="col" className={styles.number}>
                  Denied
                </th>
                <th scope="col" className={styles.number}>
                  Bytes
                </th>
                <th scope="col">Last seen</th>
                <th scope="col">
                  <span className="visually-hidden">Flows</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {peers.map((peer) => (
                <tr key={`${peer.namespace}/${peer.name} ${peer.protocol} ${peer.port}`}>
                  <td>
                    <PeerName peer={peer} />
                    {callsOf(peer.pending_differs) > 0 && (
                      <span className={styles.pending} title={`Staged policies would change ${plural(callsOf(peer.pending_differs), 'connection')}`}>
                        staged differs
                      </span>
                    )}
                  </td>
                  <td className={styles.dim}>{portLabel(peer.protocol, peer.port)}</td>
                  <td className={styles.number}>{formatCount(callsOf(peer.allowed))}</td>
                  <td className={classes(styles.number, callsOf(peer.denied) > 0 && styles.deny)}>
                    {formatCount(callsOf(peer.denied))}
                  </td>
                  <td className={classes(styles.number, styles.dim)}>{formatBytes(peer.allowed.bytes + peer.denied.bytes)}</td>
                  <td className={styles.dim}>{formatAge(Math.min(now, Date.parse(peer.last_seen)), now)}</td>
                  <td>
                    <Link href={flowsHref(filtersOf(peer), range)}>Flows</Link>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function PeerName({ peer }: { readonly peer: Peer }) {
  const endpoint = displayName(peer.namespace, peer.name);
  const canBeOpened = peer.type === 'WorkloadEndpoint' || peer.type === 'HostEndpoint';
  const text = (
    <>
      {endpoint.namespace && <span className={styles.dim}>{endpoint.namespace}/</span>}
      {endpoint.name}
    </>
  );
  return canBeOpened ? (
    <Link className={styles.name} href={endpointHref(endpoint)}>
      {text}
    </Link>
  ) : (
    <span className={styles.outside}>{text}</span>
  );
}
