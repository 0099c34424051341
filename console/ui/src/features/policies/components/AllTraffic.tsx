import { useState } from 'react';
import { useFetched } from '../../../api/useFetched';
import { Button } from '../../../design/Button';
import { previewTraffic, type Change } from '../api';
import styles from './EffectPanel.module.css';
import { TrafficTable } from './TrafficTable';

/** What a change would do beyond the records; asked for on demand, since it looks at the whole cluster. */
export function AllTraffic({ change }: { readonly change: Change }) {
  const key = JSON.stringify(change);
  const [asked, setAsked] = useState('');
  if (asked !== key) {
    return (
      <div>
        <Button quiet icon="search" onClick={() => setAsked(key)}>
          Look at all traffic that there could be
        </Button>
      </div>
    );
  }
  return <Found key={key} change={change} />;
}

function Found({ change }: { readonly change: Change }) {
  const fetched = useFetched('traffic', '', (signal) => previewTraffic(change, signal));
  switch (fetched.state) {
    case 'loading':
      return <p className={styles.note}>Comparing all traffic before and after …</p>;
    case 'failed':
      return <p className={styles.note}>It cannot be told: {fetched.reason}.</p>;
    case 'done':
      return fetched.value === null ? <p className={styles.note}>This is for those who see all namespaces.</p> : <TrafficTable traffic={fetched.value} />;
  }
}
