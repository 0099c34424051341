import { Banner } from '../../../design/Banner';
import { Button } from '../../../design/Button';
import { formatClock } from '../../../format/time';
import { useNow } from '../hooks/useNow';
import type { FlowSnapshot } from '../store/FlowSource';

interface ConnectionBannerProps {
  readonly snapshot: FlowSnapshot;
  readonly onRetry: () => void;
}

/** Says that the list stands still or has a gap because the server was gone, and what happens about it. */
export function ConnectionBanner({ snapshot, onRetry }: ConnectionBannerProps) {
  return (
    <>
      <StandingBanner snapshot={snapshot} onRetry={onRetry} />
      {snapshot.gap !== '' && (
        <Banner icon="warn" action={<Button onClick={() => location.reload()}>Load again</Button>}>
          Flows are missing from the time of a break: {snapshot.gap}.
        </Banner>
      )}
    </>
  );
}

function StandingBanner({ snapshot: { standing, rows }, onRetry }: ConnectionBannerProps) {
  const now = useNow(standing.state === 'lost');
  if (standing.state === 'lost') {
    const wait = Math.ceil((standing.retryAt - now) / 1000);
    return (
      <Banner icon="plug" action={<Button onClick={onRetry}>Try now</Button>}>
        No connection since {formatClock(standing.since)}: {standing.reason}. The list is from before; next attempt {wait > 0 ? `in ${wait} s` : 'now'}.
      </Banner>
    );
  }
  if (standing.state === 'failed' && rows.length > 0) {
    return (
      <Banner icon="warn" action={<Button onClick={onRetry}>Load again</Button>}>
        The next page cannot be loaded: {standing.reason}. What is shown is complete down to its end.
      </Banner>
    );
  }
  return null;
}
