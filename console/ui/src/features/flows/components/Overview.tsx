import { classes } from '../../../design/classes';
import { formatCompact, formatCount, formatShare } from '../../../format/text';
import { totalsOf } from '../../time/api';
import { DensityStrip } from '../../time/components/DensityStrip';
import { RangeMenu } from '../../time/components/RangeMenu';
import type { DensityState } from '../../time/useDensity';
import type { Filters } from '../filters/filters';
import { fixedRange, type Range } from '../filters/range';
import type { FlowSnapshot } from '../store/FlowSource';
import { LiveControl } from './LiveControl';
import styles from './Overview.module.css';

interface OverviewProps {
  readonly snapshot: FlowSnapshot;
  readonly strip: DensityState;
  readonly filters: Filters;
  readonly range: Range;
  readonly onFilters: (patch: Partial<Filters>) => void;
  readonly onRange: (range: Range) => void;
  readonly onPause: () => void;
}

/** The counters, each of which is also the filter for what it counts, and the strip of the range. */
export function Overview({ snapshot, strip, filters, range, onFilters, onRange, onPause }: OverviewProps) {
  const { all, denied, differing } = totalsOf(strip.density);
  const differs = filters.pending === 'differs';
  return (
    <section className={styles.overview} aria-label="Overview">
      <Counter
        label="Connections"
        value={all}
        note=""
        pressed={filters.verdict === 'any' && !differs}
        onClick={() => onFilters({ verdict: 'any', pending: 'any' })}
      />
      <Counter
        label="Denied"
        value={denied}
        note={formatShare(denied, all)}
        tone={styles.deny}
        pressed={filters.verdict === 'deny'}
        onClick={() => onFilters({ verdict: filters.verdict === 'deny' ? 'any' : 'deny' })}
      />
      <Counter
        label="Staged would differ"
        value={differing}
        note={formatShare(differing, all)}
        tone={styles.pending}
        pressed={differs}
        onClick={() => onFilters({ pending: differs ? 'any' : 'differs' })}
      />
      <div className={styles.strip}>
        <DensityStrip density={strip.density} label="Flows over time" onZoom={({ from, to }) => onRange(fixedRange(from, to, Date.now()))} />
        {strip.problem !== '' && !strip.density && <p className={styles.problem}>The strip cannot be shown: {strip.problem}</p>}
      </div>
      <div className={styles.controls}>
        <RangeMenu range={range} onRange={onRange} />
        <LiveControl snapshot={snapshot} range={range} onPause={onPause} onRange={onRange} />
      </div>
    </section>
  );
}

interface CounterProps {
  readonly label: string;
  readonly value: number;
  readonly note: string;
  readonly tone?: string | undefined;
  readonly pressed: boolean;
  readonly onClick: () => void;
}

function Counter({ label, value, note, tone, pressed, onClick }: CounterProps) {
  return (
    <button type="button" className={classes(styles.counter, value > 0 && tone)} aria-pressed={pressed} title={`${formatCount(value)}, counted at each end that judged them`} onClick={onClick}>
      <span className={styles.label}>{label}</span>
      <span className={styles.value}>
        {value < 100_000 ? formatCount(value) : formatCompact(value)} <small>{note}</small>
      </span>
    </button>
  );
}
