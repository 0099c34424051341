import { useMemo, useRef, useState } from 'react';
import { useFetched } from '../../api/useFetched';
import { namespaceHref } from '../../app/pages';
import { Link, navigate } from '../../app/router';
import { useShortcuts } from '../../app/useShortcuts';
import { useTitle } from '../../app/useTitle';
import { useUrlState } from '../../app/useUrlState';
import { Button } from '../../design/Button';
import { classes } from '../../design/classes';
import { Notice } from '../../design/Notice';
import { PageFrame } from '../../design/PageFrame';
import { SearchField } from '../../design/SearchField';
import { formatCompact } from '../../format/text';
import { fetchGraph, type Graph } from '../graph/api';
import { flowsHref } from '../flows/filters/url';
import { fetchNamespaces, type Namespace } from './api';
import styles from './NamespacesPage.module.css';
import tables from './tables.module.css';
import { callsOf } from './volume';

const CODEC = {
  parse: (query: string) => ({ text: new URLSearchParams(query).get('q') ?? '' }),
  format: ({ text }: { readonly text: string }) => (text.trim() === '' ? '' : `?q=${encodeURIComponent(text)}`),
  isStep: () => false,
};

/** The namespaces with what went on in them in the last hour. */
export function NamespacesPage() {
  const [{ text }, update] = useUrlState(CODEC);
  const [cursor, setCursor] = useState(-1);
  const search = useRef<HTMLInputElement>(null);
  const list = useFetched('namespaces', '', fetchNamespaces);
  const graph = useFetched('graph', '', (signal) => {
    const now = Date.now();
    return fetchGraph({ from: now - 3_600_000, to: now }, '', 'namespace', [], signal);
  });
  const volumes = useMemo(() => (graph.state === 'done' ? volumesOf(graph.value) : null), [graph]);
  useTitle('Namespaces');
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = list.state === 'done' ? list.value.filter((namespace) => words.every((word) => haystack(namespace).includes(word))) : [];
  const move = (step: number) => setCursor(Math.max(0, Math.min(cursor + step, shown.length - 1)));
  useShortcuts({
    '/': () => search.current?.select(),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    j: () => move(1),
    k: () => move(-1),
    Enter: () => shown[cursor] && navigate(namespaceHref(shown[cursor].name)),
    x: () => update({ text: '' }),
  });
  return (
    <PageFrame
      title="Namespaces"
      actions={<SearchField ref={search} label="Search in the namespaces" placeholder="Name or label=value" value={text} onChange={(next) => update({ text: next })} onLeave={() => setCursor(0)} />}
    >
      {list.state === 'loading' && <Notice icon="pending" title="Loading">The namespaces of the cluster.</Notice>}
      {list.state === 'failed' && (
        <Notice icon="plug" title="The namespaces cannot be loaded" action={<Button onClick={list.retry}>Try again</Button>}>
          {list.reason}.
        </Notice>
      )}
      {list.state === 'done' && shown.length === 0 && (
        <Notice icon="search" title={list.value.length === 0 ? 'There are no namespaces' : 'No namespace matches'} action={list.value.length > 0 && <Button onClick={() => update({ text: '' })}>Show all</Button>}>
          {list.value.length === 0 ? 'Create one with kubectl or margay apply.' : `Nothing contains “${text}”.`}
        </Notice>
      )}
      {shown.length > 0 && (
        <div className={classes(tables.frame, styles.frame)}>
          <table>
            <thead>
              <tr>
                <th scope="col">Namespace</th>
                <th scope="col" className={tables.number}>
                  Endpoints
                </th>
                <th scope="col" className={tables.number}>
                  Policies
                </th>
                <th scope="col" className={tables.number}>
                  Connections, last hour
                </th>
                <th scope="col" className={tables.number}>
                  Denied
                </th>
                <th scope="col">
                  <span className="visually-hidden">Flows</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((namespace, index) => (
                <Row key={namespace.name} namespace={namespace} volume={volumes?.get(namespace.name)} current={index === cursor} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </PageFrame>
  );
}

interface Volumes {
  allowed: number;
  denied: number;
}

interface RowProps {
  readonly namespace: Namespace;
  readonly volume: Volumes | undefined;
  readonly current: boolean;
}

function Row({ namespace, volume, current }: RowProps) {
  return (
    <tr className={classes(current && styles.current)} aria-current={current || undefined}>
      <td>
        <Link className={tables.name} href={namespaceHref(namespace.name)}>
          {namespace.name}
        </Link>
      </td>
      <td className={tables.number}>{namespace.endpoints}</td>
      <td className={classes(tables.number, namespace.policies === 0 && tables.dim)}>{namespace.policies === 0 ? 'none' : namespace.policies}</td>
      <td className={tables.number}>{volume ? formatCompact(volume.allowed + volume.denied) : '–'}</td>
      <td className={classes(tables.number, volume && volume.denied > 0 && tables.deny)}>{volume ? formatCompact(volume.denied) : '–'}</td>
      <td className={tables.links}>
        <Link href={flowsHref({ namespaces: [namespace.name] })}>Flows</Link>
        <Link href={flowsHref({ namespaces: [namespace.name], verdict: 'deny' })}>Denied</Link>
      </td>
    </tr>
  );
}

function haystack({ name, labels }: Namespace): string {
  return `${name} ${Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ')}`.toLowerCase();
}

/** What begins or ends in each namespace; within one it counts once. */
function volumesOf(graph: Graph): ReadonlyMap<string, Volumes> {
  const namespaceOf = new Map(graph.nodes.map((node) => [node.id, node.kind === 'namespace' ? node.name : node.namespace]));
  const volumes = new Map<string, Volumes>();
  for (const edge of graph.edges) {
    for (const namespace of new Set([namespaceOf.get(edge.source), namespaceOf.get(edge.dest)])) {
      if (!namespace) continue;
      const volume = volumes.get(namespace) ?? { allowed: 0, denied: 0 };
      volume.allowed += callsOf(edge.allowed);
      volume.denied += callsOf(edge.denied);
      volumes.set(namespace, volume);
    }
  }
  return volumes;
}
