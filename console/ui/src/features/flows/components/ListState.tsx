import { Button } from '../../../design/Button';
import { Notice } from '../../../design/Notice';
import { plural } from '../../../format/text';
import type { FlowSnapshot } from '../store/FlowSource';
import styles from './ListState.module.css';

interface ListStateProps {
  readonly snapshot: FlowSnapshot;
  readonly filtering: boolean;
  readonly onClear: () => void;
  readonly onRetry: () => void;
}

const SKELETON_ROWS = 14;

/** What the list shows instead of rows: loading, nothing yet, nothing that matches, no server. */
export function ListState({ snapshot, filtering, onClear, onRetry }: ListStateProps) {
  const { rows, tally, standing } = snapshot;
  if (rows.length > 0) return null;
  if (tally.flows > 0 && filtering) {
    return (
      <Notice icon="search" title="No flow matches" action={<Button onClick={onClear}>Clear filters</Button>}>
        {plural(tally.flows, 'flow')} {tally.flows === 1 ? 'is' : 'are'} hidden by the filters. New ones appear here as soon as they match.
      </Notice>
    );
  }
  switch (standing.state) {
    case 'connecting':
    case 'loading':
      return <Skeleton />;
    case 'lost':
      return (
        <Notice icon="plug" title="The console does not answer">
          Start it again with <code>./margay demo</code> or <code>./margay up</code>; this page connects by itself. If it runs elsewhere, check
          the address in your browser.
        </Notice>
      );
    case 'failed':
      return (
        <Notice icon="warn" title="The flows cannot be loaded" action={<Button onClick={onRetry}>Try again</Button>}>
          {standing.reason}.
        </Notice>
      );
    case 'stored':
      return filtering ? (
        <Notice icon="search" title="No flow matches" action={<Button onClick={onClear}>Clear filters</Button>}>
          Nothing recorded in this time matches the filters.
        </Notice>
      ) : (
        <Notice icon="pending" title="Nothing was recorded in this time">
          Choose a longer time with <kbd>-</kbd>, go on to now with <kbd>l</kbd>, or drag over another part of the strip.
        </Notice>
      );
    case 'live':
      return (
        <Notice icon="pending" title="No flows yet">
          Connected and listening. A flow appears as soon as a pod opens a connection that a policy judges. On a quiet cluster, make one:{' '}
          <code>kubectl exec</code> into a pod and call a service.
        </Notice>
      );
  }
}

function Skeleton() {
  return (
    <div className={styles.skeleton} role="status" aria-label="Loading flows">
      {Array.from({ length: SKELETON_ROWS }, (_, row) => (
        <div key={row}>
          <i style={{ width: 58 }} />
          <i style={{ width: 72 }} />
          <i style={{ width: `${18 + ((row * 7) % 9)}%` }} />
          <i style={{ width: `${16 + ((row * 5) % 8)}%` }} />
          <i style={{ width: `${14 + ((row * 3) % 7)}%` }} />
        </div>
      ))}
    </div>
  );
}
