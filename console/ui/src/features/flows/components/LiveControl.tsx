import { Button } from '../../../design/Button';
import { formatCompact } from '../../../format/text';
import { LIVE, type Range } from '../filters/range';
import { isStreamed } from '../hooks/useFlows';
import type { FlowSnapshot } from '../store/FlowSource';
import styles from './LiveControl.module.css';

const WORDS = {
  live: 'Live',
  connecting: 'Connecting',
  lost: 'Disconnected',
  paused: 'Paused',
  loading: 'Loading',
  stored: 'From the history',
  failed: 'Not loaded',
} as const;

interface LiveControlProps {
  readonly snapshot: FlowSnapshot;
  readonly range: Range;
  readonly onPause: () => void;
  readonly onRange: (range: Range) => void;
}

/** Whether the list is up to date, and the switch to hold it or to come back to now. */
export function LiveControl({ snapshot, range, onPause, onRange }: LiveControlProps) {
  const { paused, waiting, standing } = snapshot;
  const state = paused ? 'paused' : standing.state;
  return (
    <div className={styles.control}>
      <span className={styles.state} data-state={state}>
        <i />
        {WORDS[state]}
        {waiting > 0 && `, ${formatCompact(waiting)} waiting`}
      </span>
      {isStreamed(range) ? (
        <Button icon={paused ? 'play' : 'pause'} pressed={paused} title={paused ? 'Go on (p)' : 'Hold the list (p)'} onClick={onPause}>
          {paused ? 'Go on' : 'Pause'}
        </Button>
      ) : (
        <Button icon="play" title="Back to what happens now (l)" onClick={() => onRange(LIVE)}>
          Live
        </Button>
      )}
    </div>
  );
}
