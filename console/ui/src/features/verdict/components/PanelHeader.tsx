import { endpointHref } from '../../../app/pages';
import { Link } from '../../../app/router';
import { Button } from '../../../design/Button';
import { classes } from '../../../design/classes';
import { Icon } from '../../../design/Icon';
import { formatClock, formatFullTime } from '../../../format/time';
import { pendingDiffers, type Endpoint, type Flow } from '../../flows/model/flow';
import { directionOf } from '../words';
import styles from './PanelHeader.module.css';
import { PendingMark, VerdictMark } from './VerdictMark';

interface PanelHeaderProps {
  readonly flow: Flow;
  /** What the other end reported about the same kind of connection. */
  readonly counterpart: Flow | null;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

export function PanelHeader({ flow, counterpart, onOpen, onClose }: PanelHeaderProps) {
  const source = flow.reporter === 'src' ? flow : counterpart;
  const dest = flow.reporter === 'dst' ? flow : counterpart;
  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <VerdictMark verdict={flow.verdict} large />
        {pendingDiffers(flow) && <PendingMark pending={flow.pending} />}
        <span className={styles.time} title={`${formatFullTime(flow.start)} to ${formatFullTime(flow.end)}`}>
          {formatClock(flow.start)} – {formatClock(flow.end)}
        </span>
        <Button quiet icon="close" aria-label="Close (Esc)" onClick={onClose} />
      </div>
      <h2 className={styles.path}>
        <Name endpoint={flow.source} />
        <Icon name="arrow" />
        <Name endpoint={flow.dest} />
        <span className={styles.port}>
          {flow.protocol} {flow.port > 0 && flow.port}
        </span>
      </h2>
      {flow.service && <p className={styles.service}>through service {flow.service}</p>}
      <div className={styles.ends} role="group" aria-label="Verdict at each end">
        <End label="Source" flow={source} current={source === flow} missing={missingSource} onOpen={onOpen} />
        <Icon name="arrow" size={12} />
        <End label="Destination" flow={dest} current={dest === flow} missing={missingDest(flow)} onOpen={onOpen} />
      </div>
    </header>
  );
}

const missingSource = 'No verdict here: the source is outside, or without policies';

function missingDest(flow: Flow): string {
  return flow.verdict === 'deny' ? 'Not reached: the source’s egress denied it' : 'No verdict here: the destination is outside, or reported nothing';
}

/** An endpoint leads to its page; what is outside has none. */
function Name({ endpoint }: { readonly endpoint: Endpoint }) {
  if (endpoint.namespace === '') return <span className={styles.name}>{endpoint.name}</span>;
  return (
    <Link className={styles.name} href={endpointHref(endpoint)} title="What reaches it, what decides, what was denied">
      <small>{endpoint.namespace}/</small>
      {endpoint.name}
    </Link>
  );
}

interface EndProps {
  readonly label: string;
  readonly flow: Flow | null;
  readonly current: boolean;
  readonly missing: string;
  readonly onOpen: (id: string) => void;
}

/** One end of the connection; a click shows the verdict from there. */
function End({ label, flow, current, missing, onOpen }: EndProps) {
  if (!flow) {
    return (
      <span className={classes(styles.end, styles.missing)}>
        <span className={styles.label}>{label}</span>
        {missing}
      </span>
    );
  }
  return (
    <button type="button" className={styles.end} aria-pressed={current} onClick={() => onOpen(flow.id)}>
      <span className={styles.label}>
        {label}’s {directionOf(flow.reporter)}
      </span>
      <VerdictMark verdict={flow.verdict} />
    </button>
  );
}
