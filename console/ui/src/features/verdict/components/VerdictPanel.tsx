import { useFetched } from '../../../api/useFetched';
import { Button } from '../../../design/Button';
import { CopyButton } from '../../../design/CopyButton';
import { Notice } from '../../../design/Notice';
import { Tabs } from '../../../design/Tabs';
import { FixTab } from '../../fix/FixTab';
import { FlowDecoder } from '../../flows/api/decode';
import { fetchFlow } from '../../flows/api/list';
import type { PanelTab } from '../../flows/filters/url';
import type { Flow } from '../../flows/model/flow';
import type { FlowSource } from '../../flows/store/FlowSource';
import { findCounterpart } from '../counterpart';
import { FlowDetails } from './FlowDetails';
import { PanelHeader } from './PanelHeader';
import styles from './VerdictPanel.module.css';
import { WhyTab } from './WhyTab';
import { YamlView } from './YamlView';

interface VerdictPanelProps {
  /** Of the flow. */
  readonly id: string;
  readonly tab: PanelTab;
  readonly source: FlowSource;
  readonly onTab: (tab: PanelTab) => void;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

const TABS = [
  { value: 'why', label: 'Why' },
  { value: 'fix', label: 'Propose a fix' },
  { value: 'details', label: 'Details' },
  { value: 'json', label: 'JSON' },
] as const;

/** Why a flow was allowed or denied, whether the staged policies would change that, and what would. */
export function VerdictPanel(props: VerdictPanelProps) {
  const held = props.source.get(props.id);
  return held ? <Panel {...props} flow={held} /> : <FetchedPanel {...props} />;
}

/** A flow that the list does not hold, as one from a link: the server may still have it. */
function FetchedPanel(props: VerdictPanelProps) {
  const fetched = useFetched(props.id, '', async (signal) => new FlowDecoder().fromWire(await fetchFlow(props.id, signal)));
  if (fetched.state === 'done') return <Panel {...props} flow={fetched.value} />;
  return (
    <aside className={styles.panel} aria-label="Verdict">
      <div className={styles.close}>
        <Button quiet icon="close" aria-label="Close" onClick={props.onClose} />
      </div>
      {fetched.state === 'failed' && (
        <Notice icon="search" title="This flow is not here any more" action={<Button onClick={props.onClose}>Back to the list</Button>}>
          It is older than what the console keeps, or from before its last start ({fetched.reason}). Look for the same source and destination in the
          list.
        </Notice>
      )}
    </aside>
  );
}

function Panel({ flow, tab, source, onTab, onOpen, onClose }: VerdictPanelProps & { readonly flow: Flow }) {
  const json = JSON.stringify(flow.wire, null, 2);
  return (
    <aside className={styles.panel} aria-label="Verdict" data-scrolls>
      <PanelHeader flow={flow} counterpart={findCounterpart(flow, source.all())} onOpen={onOpen} onClose={onClose} />
      <Tabs label="About this flow" tabs={TABS} value={tab} onChange={onTab}>
        {tab === 'why' && <WhyTab flow={flow} />}
        {tab === 'fix' && <FixTab key={flow.id} flow={flow} />}
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
