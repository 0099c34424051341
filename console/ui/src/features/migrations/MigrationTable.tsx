import { endpointHref } from '../../app/pages';
import { Link } from '../../app/router';
import { Badge, type Tone } from '../../design/Badge';
import { classes } from '../../design/classes';
import { plural } from '../../format/text';
import { formatClock, formatFullTime } from '../../format/time';
import { useNow } from '../flows/hooks/useNow';
import tables from '../traffic/tables.module.css';
import type { Migration, MigrationPlace, Phase } from './api';
import styles from './MigrationsPage.module.css';
import { formatMillis, segmentsOf } from './strip';

const TONES: Readonly<Record<Phase, Tone>> = { pending: 'plain', prepared: 'pending', live: 'accent', converging: 'accent', succeeded: 'allow', failed: 'deny' };

export function MigrationTable({ migrations, gapMillis }: { readonly migrations: readonly Migration[]; readonly gapMillis: number }) {
  const now = useNow(true);
  return (
    <div className={classes(tables.frame, styles.frame)}>
      <table>
        <thead>
          <tr>
            <th scope="col">Machine</th>
            <th scope="col">From, to</th>
            <th scope="col">Outcome</th>
            <th scope="col">
              Phases
              <span className={styles.legend}>
                {(['pending', 'prepared', 'live', 'converging'] as const).map((phase) => (
                  <span key={phase}>
                    <i data-phase={phase} /> {phase}
                  </span>
                ))}
              </span>
            </th>
            <th scope="col" className={tables.number}>
              Gap
            </th>
            <th scope="col">Connections</th>
            <th scope="col">Began</th>
          </tr>
        </thead>
        <tbody>
          {migrations.map((migration) => (
            <Row key={`${migration.namespace}/${migration.name}`} migration={migration} gapMillis={gapMillis} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ migration, gapMillis, now }: { readonly migration: Migration; readonly gapMillis: number; readonly now: number }) {
  const { namespace, name, machine, source, target, phase, steps, gap_millis: gap, gap_packets: packets, connections, reason, owner } = migration;
  const began = steps[0] && Date.parse(steps[0].at);
  return (
    <tr>
      <td title={`LiveMigration ${namespace}/${name}`}>
        {namespace}/<b>{machine}</b>
      </td>
      <td>
        <Place namespace={namespace} place={source} /> → <Place namespace={namespace} place={target} />
      </td>
      <td className={styles.outcome} title={owner === '' ? undefined : `its addresses are at ${owner}`}>
        <Badge tone={TONES[phase]}>{phase}</Badge>
        {reason !== '' && <small>{reason}</small>}
      </td>
      <td>
        <Strip migration={migration} now={now} />
      </td>
      <td className={classes(tables.number, gap !== null && gap > gapMillis && styles.late)} title={packets === null ? undefined : plural(packets, 'packet')}>
        {gap === null ? <span className={tables.dim}>not measured</span> : formatMillis(gap)}
      </td>
      <td>
        {connections.moved + connections.kept} kept
        {connections.dropped > 0 && <span className={tables.deny}>, {connections.dropped} lost</span>}
      </td>
      <td title={began ? formatFullTime(began) : undefined}>{began ? formatClock(began) : '–'}</td>
    </tr>
  );
}

/** A node; the pod that has the machine there leads to its page. */
function Place({ namespace, place: { pod, node } }: { readonly namespace: string; readonly place: MigrationPlace }) {
  return pod === '' ? (
    <span>{node}</span>
  ) : (
    <Link href={endpointHref({ namespace, name: pod })} title={pod}>
      {node}
    </Link>
  );
}

function Strip({ migration, now }: { readonly migration: Migration; readonly now: number }) {
  const segments = segmentsOf(migration, now);
  const words = segments.map(({ phase, from, to }) => `${phase} ${formatMillis(to - from)}`).join(', ');
  return (
    <div className={styles.strip} role="img" aria-label={words || 'no phase yet'}>
      {segments.map(({ phase, from, to, share }) => (
        <i key={`${phase} ${from}`} data-phase={phase} style={{ flexGrow: share }} title={`${phase} for ${formatMillis(to - from)}, since ${formatFullTime(from)}`} />
      ))}
    </div>
  );
}
