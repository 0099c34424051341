import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { plural } from '../../../format/text';
import { formatClock, formatDayTime } from '../../../format/time';
import type { Span } from '../../flows/filters/range';
import { totalsOf, type Density, type Step } from '../api';
import { barsOf, shareOf, stepAt, timeAt } from '../strip';
import styles from './DensityStrip.module.css';

interface DensityStripProps {
  readonly density: Density | null;
  readonly label: string;
  /** The time that was dragged over, or chosen by keyboard. */
  readonly onZoom: (span: Span) => void;
  /** A part to mark. */
  readonly marked?: Span | null;
}

const HEIGHT = 40;
const DAY_MILLIS = 86_400_000;
/** A drag shorter than this share of the width is a click. */
const LEAST_DRAG = 0.004;

/**
 * Flows over time, the denied ones at the bottom. Dragging over it chooses a time; with the keyboard the
 * arrows move a mark, Shift extends it, and Enter chooses.
 */
export function DensityStrip({ density, label, onZoom, marked }: DensityStripProps) {
  const area = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);

  const shareAt = (event: PointerEvent) => {
    const box = area.current!.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const begin = (event: PointerEvent) => {
    if (!density || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const share = shareAt(event);
    setDrag({ from: share, to: share });
  };
  const move = (event: PointerEvent) => {
    const share = shareAt(event);
    setHovered(share);
    setDrag((last) => (last && event.buttons === 1 ? { ...last, to: share } : last));
  };
  const choose = () => {
    if (!density || !drag) return;
    const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
    setDrag(null);
    if (to - from >= LEAST_DRAG) onZoom({ from: timeAt(density, from), to: timeAt(density, to) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!density) return;
    const step = 1 / density.steps.length;
    const at = drag ?? { from: 1 - step, to: 1 };
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const by = event.key === 'ArrowLeft' ? -step : step;
      setDrag(event.shiftKey ? extended(at, by) : shiftedBy(at, by));
    } else if (event.key === 'Enter' && drag) choose();
    else if (event.key === 'Escape' && drag) setDrag(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const readout = density ? readoutOf(density, drag, hovered) : '';
  return (
    <figure className={styles.strip}>
      <div
        ref={area}
        className={styles.area}
        role="group"
        aria-label={`${label}: ${density ? summary(density) : 'loading'}. Arrow keys mark a time, Shift extends it, Enter shows it.`}
        tabIndex={0}
        data-scrolls
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={choose}
        onPointerLeave={() => setHovered(null)}
        onKeyDown={onKeyDown}
        onBlur={() => setDrag(null)}
      >
        {density && <Bars density={density} />}
        {density && marked && <Mark density={density} span={marked} className={styles.marked} />}
        {density && drag && (
          <Mark density={density} span={{ from: timeAt(density, Math.min(drag.from, drag.to)), to: timeAt(density, Math.max(drag.from, drag.to)) }} className={styles.drag} />
        )}
        {hovered !== null && !drag && <i className={styles.cursor} style={{ left: `${hovered * 100}%` }} />}
      </div>
      <figcaption>
        <span>{density && timeLabel(density, density.from)}</span>
        <span className={styles.readout}>{readout}</span>
        <span>{density && timeLabel(density, density.to)}</span>
      </figcaption>
    </figure>
  );
}

function Bars({ density }: { readonly density: Density }) {
  return (
    <svg viewBox={`0 0 ${density.steps.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {barsOf(density, HEIGHT).map(
        (bar, index) =>
          bar && (
            <g key={bar.step.start}>
              <rect className={styles.allowed} x={index + 0.08} width={0.84} y={HEIGHT - bar.denied - bar.allowed} height={bar.allowed} />
              <rect className={styles.denied} x={index + 0.08} width={0.84} y={HEIGHT - bar.denied} height={bar.denied} />
            </g>
          ),
      )}
    </svg>
  );
}

interface MarkProps {
  readonly density: Density;
  readonly span: Span;
  readonly className: string | undefined;
}

function Mark({ density, span, className }: MarkProps) {
  const from = Math.min(1, Math.max(0, shareOf(density, span.from)));
  const to = Math.min(1, Math.max(0, shareOf(density, span.to)));
  return <i className={className} style={{ left: `${from * 100}%`, width: `${Math.max(0.2, (to - from) * 100)}%` }} />;
}

interface Shares {
  readonly from: number;
  readonly to: number;
}

function shiftedBy({ from, to }: Shares, by: number): Shares {
  const room = Math.max(-Math.min(from, to), Math.min(by, 1 - Math.max(from, to)));
  return { from: from + room, to: to + room };
}

function extended({ from, to }: Shares, by: number): Shares {
  return by < 0 ? { from: Math.max(0, from + by), to } : { from, to: Math.min(1, to + by) };
}

function readoutOf(density: Density, drag: Shares | null, hovered: number | null): string {
  if (drag) {
    const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
    return `${timeLabel(density, timeAt(density, from))} – ${timeLabel(density, timeAt(density, to))}`;
  }
  const step = hovered === null ? undefined : stepAt(density, timeAt(density, hovered));
  return step ? `${timeLabel(density, step.start)}: ${counts(step)}` : 'drag to zoom';
}

function counts(step: Step): string {
  return `${step.allowed} allowed, ${step.denied} denied`;
}

function timeLabel(density: Density, time: number): string {
  return density.to - density.from > DAY_MILLIS / 2 ? formatDayTime(time) : formatClock(time);
}

function summary(density: Density): string {
  const { all, denied } = totalsOf(density);
  return `${plural(all - denied, 'connection')} allowed and ${denied} denied from ${timeLabel(density, density.from)} to ${timeLabel(density, density.to)}`;
}
