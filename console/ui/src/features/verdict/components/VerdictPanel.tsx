import { useState } from 'react';
import { Button } from '../../../design/Button';
import { CopyButton } from '../../../design/CopyButton';
import { Notice } from '../../../design/Notice';
import { Tabs } from '../../../design/Tabs';
import type { Flow } from '../../flows/model/flow';
import type { FlowFeed } from '../../flows/store/FlowFeed';
import { findCounterpart } from '../counterpart';
import { FlowDetails } from './FlowDetails';
import { PanelHeader } from './PanelHeader';
import styles from './VerdictPanel.module.css';
import { WhyTab } from './WhyTab';
import { YamlView } from './YamlView';

interface VerdictPanelProps {
  /** Null if the page does not hold the flow. */
  readonly flow: Flow | null;
  readonly loading: boolean;
  readonly feed: FlowFeed;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

type TabName = 'why' | 'details' | 'json';

const TABS = [
  { value: 'why', label: 'Why' },
  { value: 'details', label: 'Details' },
  { value: 'json', label: 'JSON' },
] as const;

/** Why a flow was allowed or denied, and whether the staged policies would change that. */
export function VerdictPanel({ flow, loading, feed, onOpen, onClose }: VerdictPanelProps) {
  const [tab, setTab] = useState<TabName>('why');
  if (!flow) {
    return (
      <aside className={styles.panel} aria-label="Verdict">
        <div className={styles.close}>
          <Button quiet icon="close" aria-label="Close" onClick={onClose} />
        </div>
        {loading ? null : (
          <Notice icon="search" title="This flow is not here any more" action={<Button onClick={onClose}>Back to the list</Button>}>
            It is older than what the console keeps, or from before its last start. Look for the same source and destination in the list.
          </Notice>
        )}
      </aside>
    );
  }
  const json = JSON.stringify(flow.wire, null, 2);
  return (
    <aside className={styles.panel} aria-label="Verdict" data-scrolls>
      <PanelHeader flow={flow} counterpart={findCounterpart(flow, feed.all())} onOpen={onOpen} onClose={onClose} />
      <Tabs label="About this flow" tabs={TABS} value={tab} onChange={setTab}>
        {tab === 'why' && <WhyTab flow={flow} />}
        {tab === 'details' && <FlowDetails flow={flow} />}
        {tab === 'json' && (
          <div className={styles.json}>
            <CopyButton text={json} label="Copy the JSON" />
            <YamlView yaml={json} label="The flow as JSON" />
          </div>
        )}
      </Tabs>
    </aside>
  );
}
