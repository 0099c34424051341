import { useFetched } from '../../api/useFetched';
import { endpointHref, policyHref } from '../../app/pages';
import { Link, navigate } from '../../app/router';
import { useShortcuts } from '../../app/useShortcuts';
import { useTitle } from '../../app/useTitle';
import { Badge } from '../../design/Badge';
import { Button } from '../../design/Button';
import { Notice } from '../../design/Notice';
import { PageFrame } from '../../design/PageFrame';
import { formatCompact, plural } from '../../format/text';
import { peerText } from '../flows/filters/peers';
import { formatRange, spanOf, type Range } from '../flows/filters/range';
import { useNow } from '../flows/hooks/useNow';
import { keyOf } from '../policies/model/board';
import { RangeMenu, rangeShortcuts } from '../time/components/RangeMenu';
import { kindAbbreviation, qualified } from '../verdict/words';
import { fetchNamespace, type NamespaceSummary, type Peer } from './api';
import { DeniedTable } from './DeniedTable';
import { Labels } from './Labels';
import { displayName, portLabel } from './names';
import { PeerTable } from './PeerTable';
import styles from './pages.module.css';
import { useNamedPlace } from './useNamedPlace';

/** A namespace: what reaches it, what decides there, what was denied, and its endpoints. */
export function NamespacePage() {
  const { name, range, setRange } = useNamedPlace();
  const fetched = useFetched(`${name} ${formatRange(range)}`, '', (signal) => fetchNamespace(name, spanOf(range, Date.now()), signal));
  useTitle(name);
  useShortcuts({ ...rangeShortcuts(range, setRange), Escape: () => navigate('/namespaces') });
  return (
    <PageFrame
      parent={{ href: '/namespaces', label: 'Namespaces' }}
      title={name}
      marks={
        fetched.state === 'done' && (
          <>
            <Badge>{plural(fetched.value.namespace.endpoints, 'endpoint')}</Badge>
            <Badge>{plural(fetched.value.namespace.policies, 'policy', 'policies')}</Badge>
          </>
        )
      }
      actions={
        <>
          <RangeMenu range={range} onRange={setRange} />
          <Button icon="graph" onClick={() => navigate(`/graph?namespace=${encodeURIComponent(name)}&open=${encodeURIComponent(name)}`)}>
            In the graph
          </Button>
        </>
      }
    >
      {fetched.state === 'loading' && <Notice icon="pending" title="Loading">Traffic and policies of {name}.</Notice>}
      {fetched.state === 'failed' && fetched.missing && (
        <Notice icon="search" title="This namespace cannot be shown" action={<Button onClick={() => navigate('/namespaces')}>All namespaces</Button>}>
          {fetched.reason}.
        </Notice>
      )}
      {fetched.state === 'failed' && !fetched.missing && (
        <Notice icon="plug" title="The namespace cannot be loaded" action={<Button onClick={fetched.retry}>Try again</Button>}>
          {fetched.reason}.
        </Notice>
      )}
      {fetched.state === 'done' && <Content summary={fetched.value} range={range} />}
    </PageFrame>
  );
}

function Content({ summary, range }: { readonly summary: NamespaceSummary; readonly range: Range }) {
  const now = useNow(true);
  const { namespace, traffic, policies, endpoints } = summary;
  const own = `${namespace.name}/`;
  const peerOf = (peer: Peer) => peerText(displayName(peer.namespace, peer.name));
  const port = (peer: Peer) => portLabel(peer.protocol, peer.port);
  return (
    <div className={styles.columns}>
      <div>
        <Labels labels={namespace.labels} />
        <PeerTable
          title="What reaches it"
          peers={traffic.inbound}
          now={now}
          range={range}
          filtersOf={(peer) => ({ sources: [peerOf(peer)], dests: [own], ports: [port(peer)] })}
          empty="Nothing from elsewhere was seen to call it in this time."
        />
        <PeerTable
          title="What it reaches"
          peers={traffic.outbound}
          now={now}
          range={range}
          filtersOf={(peer) => ({ sources: [own], dests: [peerOf(peer)], ports: [port(peer)] })}
          empty="It was not seen to call anything elsewhere in this time."
        />
        <DeniedTable flows={traffic.denied} now={now} empty="Nothing was denied, to it or from it." />
      </div>
      <div>
        <aside className={styles.side} aria-label="What decides">
          <h2>What decides here</h2>
          {policies.length === 0 && <p className={styles.empty}>No policy: its profile decides.</p>}
          <ul className={styles.list}>
            {policies.map((policy) => (
              <li key={keyOf(policy)}>
                <Badge tone={policy.staged ? 'pending' : 'plain'}>{kindAbbreviation(policy.kind)}</Badge>
                <Link href={policyHref(keyOf(policy))}>{qualified(policy)}</Link>
                {policy.activity.denied > 0 && <Badge tone="deny">{formatCompact(policy.activity.denied)} denied</Badge>}
              </li>
            ))}
          </ul>
        </aside>
        <aside className={styles.side} aria-label="Endpoints" style={{ marginTop: 12 }}>
          <h2>Endpoints</h2>
          {endpoints.length === 0 && <p className={styles.empty}>No pod runs here.</p>}
          <ul className={styles.list}>
            {endpoints.map((endpoint) => (
              <li key={endpoint.name}>
                <Link href={endpointHref(endpoint)}>{endpoint.name}</Link>
                <span>{endpoint.node}</span>
              </li>
            ))}
          </ul>
        </aside>
      </div>
    </div>
  );
}
