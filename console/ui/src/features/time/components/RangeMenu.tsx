import { Button } from '../../../design/Button';
import { Choice } from '../../../design/Choice';
import { formatClock, formatDayTime } from '../../../format/time';
import { PRESETS, shifted, zoomedOut, type Range } from '../../flows/filters/range';
import styles from './RangeMenu.module.css';

interface RangeMenuProps {
  readonly range: Range;
  readonly onRange: (range: Range) => void;
  readonly edge?: 'start' | 'end';
}

const DAY_MILLIS = 86_400_000;

/** Which time is shown, and the ways to another. */
export function RangeMenu({ range, onRange, edge = 'end' }: RangeMenuProps) {
  const value = range.type === 'live' ? String(range.seconds) : 'fixed';
  const options = PRESETS.map(({ seconds, label }) => ({ value: String(seconds), label: `Last ${label}` }));
  const chosen = range.type === 'fixed' ? [{ value: 'fixed', label: fixedLabel(range.from, range.to) }] : [];
  const other = range.type === 'live' && !PRESETS.some(({ seconds }) => seconds === range.seconds) ? [{ value, label: `Last ${range.seconds} s` }] : [];
  return (
    <div className={styles.menu} role="group" aria-label="Time">
      <Button quiet icon="left" aria-label="Earlier ([)" onClick={() => onRange(shifted(range, -1, Date.now()))} />
      <Choice
        label="Time range"
        edge={edge}
        options={[...chosen, ...other, ...options]}
        value={value}
        onChange={(next) => next !== 'fixed' && onRange({ type: 'live', seconds: Number(next) })}
      />
      <Button quiet icon="right" aria-label="Later (])" disabled={range.type === 'live'} onClick={() => onRange(shifted(range, 1, Date.now()))} />
      <Button quiet icon="minus" aria-label="Zoom out (-)" onClick={() => onRange(zoomedOut(range, Date.now()))} />
    </div>
  );
}

function fixedLabel(from: number, to: number): string {
  const now = Date.now();
  const short = now - from < DAY_MILLIS / 2;
  return `${short ? formatClock(from) : formatDayTime(from)} – ${short ? formatClock(to) : formatDayTime(to)}`;
}

/** What the keys do about the time, for a page's shortcuts. */
export function rangeShortcuts(range: Range, onRange: (range: Range) => void): Readonly<Record<string, () => void>> {
  return {
    '[': () => onRange(shifted(range, -1, Date.now())),
    ']': () => range.type === 'fixed' && onRange(shifted(range, 1, Date.now())),
    '-': () => onRange(zoomedOut(range, Date.now())),
    l: () => onRange({ type: 'live', seconds: PRESETS[1].seconds }),
  };
}
