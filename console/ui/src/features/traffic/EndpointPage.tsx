import { useFetched } from '../../api/useFetched';
import { namespaceHref } from '../../app/pages';
import { navigate } from '../../app/router';
import { useShortcuts } from '../../app/useShortcuts';
import { useTitle } from '../../app/useTitle';
import { Badge } from '../../design/Badge';
import { Button } from '../../design/Button';
import { Notice } from '../../design/Notice';
import { PageFrame } from '../../design/PageFrame';
import { plural } from '../../format/text';
import { parsePeer, peerText } from '../flows/filters/peers';
import { formatRange, spanOf, type Range } from '../flows/filters/range';
import { flowsHref } from '../flows/filters/url';
import { useNow } from '../flows/hooks/useNow';
import { RangeMenu, rangeShortcuts } from '../time/components/RangeMenu';
import { fetchEndpoint, type EndpointSummary, type Peer } from './api';
import { DeniedTable } from './DeniedTable';
import { Governing } from './Governing';
import { Labels } from './Labels';
import { displayName, portLabel } from './names';
import { PeerTable } from './PeerTable';
import styles from './pages.module.css';
import { useNamedPlace } from './useNamedPlace';

/** A pod, the pods of an owner, or a host: what reaches it, what decides, what was denied. */
export function EndpointPage() {
  const { name, range, setRange } = useNamedPlace();
  const { namespace, name: endpoint } = parsePeer(name.replace(/^host:/, ''));
  const fetched = useFetched(`${name} ${formatRange(range)}`, '', (signal) => fetchEndpoint(namespace, endpoint, spanOf(range, Date.now()), signal));
  useTitle(name);
  useShortcuts({ ...rangeShortcuts(range, setRange), Escape: () => navigate(namespace === '' ? '/namespaces' : namespaceHref(namespace)) });
  return (
    <PageFrame
      parent={namespace === '' ? { href: '/namespaces', label: 'Hosts' } : { href: namespaceHref(namespace), label: namespace }}
      title={endpoint}
      marks={fetched.state === 'done' && <Marks summary={fetched.value} />}
      actions={<RangeMenu range={range} onRange={setRange} />}
    >
      {fetched.state === 'loading' && <Notice icon="pending" title="Loading">Traffic and policies of {name}.</Notice>}
      {fetched.state === 'failed' && !fetched.missing && (
        <Notice icon="plug" title="The endpoint cannot be loaded" action={<Button onClick={fetched.retry}>Try again</Button>}>
          {fetched.reason}.
        </Notice>
      )}
      {fetched.state === 'failed' && fetched.missing && (
        <Notice icon="search" title="This endpoint cannot be shown" action={<Button onClick={() => navigate(flowsHref({ text: endpoint }))}>Look for it in the flows</Button>}>
          {fetched.reason}. It may be gone by now; its flows are kept.
        </Notice>
      )}
      {fetched.state === 'done' && <Content summary={fetched.value} own={name} range={range} />}
    </PageFrame>
  );
}

function Marks({ summary: { endpoint, siblings } }: { readonly summary: EndpointSummary }) {
  return (
    <>
      <Badge>{endpoint.kind}</Badge>
      {siblings > 1 && <Badge>{siblings} replicas</Badge>}
      <Badge>{endpoint.node}</Badge>
      {siblings <= 1 && endpoint.addresses.map((address) => <Badge key={address}>{address}</Badge>)}
    </>
  );
}

interface ContentProps {
  readonly summary: EndpointSummary;
  readonly own: string;
  readonly range: Range;
}

function Content({ summary, own, range }: ContentProps) {
  const now = useNow(true);
  const { traffic } = summary;
  const peerOf = (peer: Peer) => peerText(displayName(peer.namespace, peer.name));
  const port = (peer: Peer) => portLabel(peer.protocol, peer.port);
  return (
    <div className={styles.columns}>
      <div>
        <Labels labels={summary.endpoint.labels} />
        <PeerTable
          title="What reaches it"
          peers={traffic.inbound}
          now={now}
          range={range}
          filtersOf={(peer) => ({ sources: [peerOf(peer)], dests: [own], ports: [port(peer)] })}
          empty="Nothing was seen to call it in this time. A longer one may show more."
        />
        <PeerTable
          title="What it reaches"
          peers={traffic.outbound}
          now={now}
          range={range}
          filtersOf={(peer) => ({ sources: [own], dests: [peerOf(peer)], ports: [port(peer)] })}
          empty="It was not seen to call anything in this time."
        />
        <DeniedTable flows={traffic.denied} now={now} empty="Nothing was denied, to it or from it." />
      </div>
      <aside className={styles.side} aria-label="What decides">
        <h2>What decides</h2>
        <p>{plural(count(summary), 'policy', 'policies')} in the order of evaluation.</p>
        <Governing title="Ingress, about what comes in" tiers={summary.ingress} profiles={summary.profiles} />
        <Governing title="Egress, about what goes out" tiers={summary.egress} profiles={summary.profiles} />
      </aside>
    </div>
  );
}

function count({ ingress, egress }: EndpointSummary): number {
  const names = [...ingress, ...egress].flatMap((tier) => tier.policies.map((policy) => `${policy.kind}:${policy.namespace}/${policy.name}`));
  return new Set(names).size;
}
