import { Button } from '../../../design/Button';
import { Icon } from '../../../design/Icon';
import { formatClock } from '../../../format/time';
import type { Connection } from '../api/FlowStream';
import { useNow } from '../hooks/useNow';
import styles from './ConnectionBanner.module.css';

/** Says that the list stands still because the server is gone, and what happens about it. */
export function ConnectionBanner({ connection, onRetry }: { readonly connection: Connection; readonly onRetry: () => void }) {
  const lost = connection.state === 'lost';
  const now = useNow(lost);
  if (!lost) return null;
  const wait = Math.ceil((connection.retryAt - now) / 1000);
  return (
    <div className={styles.banner} role="alert">
      <Icon name="plug" />
      <span>
        No connection since {formatClock(connection.since)}: {connection.reason}. The list is from before; next attempt{' '}
        {wait > 0 ? `in ${wait} s` : 'now'}.
      </span>
      <Button onClick={onRetry}>Try now</Button>
    </div>
  );
}
