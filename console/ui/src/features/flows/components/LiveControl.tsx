import { Button } from '../../../design/Button';
import { formatCompact } from '../../../format/text';
import type { FeedSnapshot } from '../store/FlowFeed';
import styles from './LiveControl.module.css';

const WORDS = { live: 'Live', connecting: 'Connecting', lost: 'Disconnected', paused: 'Paused' } as const;

/** Whether the list is up to date, and the switch to hold it. */
export function LiveControl({ snapshot, onPause }: { readonly snapshot: FeedSnapshot; readonly onPause: () => void }) {
  const { paused, waiting, connection } = snapshot;
  const state = paused ? 'paused' : connection.state;
  return (
    <div className={styles.control}>
      <span className={styles.state} data-state={state}>
        <i />
        {WORDS[state]}
        {waiting > 0 && `, ${formatCompact(waiting)} waiting`}
      </span>
      <Button icon={paused ? 'play' : 'pause'} pressed={paused} title={paused ? 'Go on (p)' : 'Hold the list (p)'} onClick={onPause}>
        {paused ? 'Go on' : 'Pause'}
      </Button>
    </div>
  );
}
