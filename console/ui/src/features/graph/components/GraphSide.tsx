import { endpointHref, namespaceHref } from '../../../app/pages';
import { Link } from '../../../app/router';
import { Badge } from '../../../design/Badge';
import { Button } from '../../../design/Button';
import { formatBytes, formatCompact, plural } from '../../../format/text';
import type { Filters } from '../../flows/filters/filters';
import type { Range } from '../../flows/filters/range';
import { flowsHref } from '../../flows/filters/url';
import { displayName } from '../../traffic/names';
import { callsOf } from '../../traffic/volume';
import type { Graph, GraphEdge, GraphNode } from '../api';
import { labelOf, toneOf } from '../model/view';
import styles from './GraphSide.module.css';

interface GraphSideProps {
  readonly graph: Graph;
  readonly chosen: GraphNode | null;
  readonly filters: Filters;
  readonly range: Range;
  readonly onChoose: (id: string | null) => void;
  readonly onToggle: (node: GraphNode) => void;
}

const SHOWN = 60;

/** What the picture says, in words: the chosen node's connections, or the most telling ones of all. */
export function GraphSide({ graph, chosen, filters, range, onChoose, onToggle }: GraphSideProps) {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const list = (edges: readonly GraphEdge[], side: 'source' | 'dest' | 'both') => (
    <EdgeList edges={edges} byId={byId} side={side} filters={filters} range={range} onChoose={onChoose} />
  );
  if (!chosen) {
    return (
      <aside className={styles.side} aria-label="Connections" data-scrolls tabIndex={-1}>
        <header>
          <h2>{plural(graph.nodes.length, 'node')}</h2>
          <p>{plural(graph.edges.length, 'connection')}; denied ones first. Choose a node for its own.</p>
        </header>
        {list(graph.edges, 'both')}
      </aside>
    );
  }
  const into = graph.edges.filter((edge) => edge.dest === chosen.id);
  const out = graph.edges.filter((edge) => edge.source === chosen.id);
  return (
    <aside className={styles.side} aria-label="Connections" data-scrolls tabIndex={-1}>
      <header>
        <h2>{labelOf(chosen)}</h2>
        <p>
          <Badge>{chosen.kind.replace('_', ' ')}</Badge>
        </p>
        <div className={styles.actions}>
          {(chosen.kind === 'namespace' || (graph.level === 'namespace' && chosen.namespace !== '')) && (
            <Button icon={chosen.kind === 'namespace' ? 'plus' : 'minus'} onClick={() => onToggle(chosen)}>
              {chosen.kind === 'namespace' ? 'Show its workloads' : `Close ${chosen.namespace}`}
            </Button>
          )}
          <PageLink node={chosen} />
          <Button quiet icon="close" aria-label="Choose nothing (Esc)" onClick={() => onChoose(null)} />
        </div>
      </header>
      <h3>Called by {into.length === 0 && 'nobody'}</h3>
      {list(into, 'source')}
      <h3>Calls {out.length === 0 && 'nobody'}</h3>
      {list(out, 'dest')}
    </aside>
  );
}

function PageLink({ node }: { readonly node: GraphNode }) {
  if (node.kind === 'namespace') return <Link href={namespaceHref(node.name)}>Its page</Link>;
  if (node.kind === 'workload' || node.kind === 'host') return <Link href={endpointHref(node)}>Its page</Link>;
  return null;
}

interface EdgeListProps {
  readonly edges: readonly GraphEdge[];
  readonly byId: ReadonlyMap<string, GraphNode>;
  /** Which end is worth naming. */
  readonly side: 'source' | 'dest' | 'both';
  readonly filters: Filters;
  readonly range: Range;
  readonly onChoose: (id: string) => void;
}

function EdgeList({ edges, byId, side, filters, range, onChoose }: EdgeListProps) {
  const sorted = [...edges].sort((a, b) => callsOf(b.denied) - callsOf(a.denied) || b.allowed.connections - a.allowed.connections);
  return (
    <ul className={styles.edges}>
      {sorted.slice(0, SHOWN).map((edge) => {
        const source = byId.get(edge.source);
        const dest = byId.get(edge.dest);
        if (!source || !dest) return null;
        const other = side === 'source' ? source : dest;
        return (
          <li key={`${edge.source} ${edge.dest}`} data-tone={toneOf(edge)}>
            <button type="button" onClick={() => onChoose(other.id)}>
              {side === 'both' ? `${labelOf(source)} → ${labelOf(dest)}` : labelOf(other)}
            </button>
            <span className={styles.counts}>
              {callsOf(edge.denied) > 0 && <b>{formatCompact(callsOf(edge.denied))} denied</b>}
              {callsOf(edge.pending_differs) > 0 && <i>staged differs</i>}
              <span>{formatCompact(callsOf(edge.allowed))} conn.</span>
              <span>{formatBytes(edge.allowed.bytes)}</span>
              <Link href={flowsHref({ ...filters, sources: [peerOf(source)], dests: [peerOf(dest)], text: '' }, range)}>Flows</Link>
            </span>
          </li>
        );
      })}
      {sorted.length > SHOWN && <li className={styles.more}>and {sorted.length - SHOWN} more</li>}
    </ul>
  );
}

function peerOf(node: GraphNode): string {
  if (node.kind === 'namespace') return `${node.name}/`;
  const { namespace, name } = displayName(node.namespace, node.name);
  return namespace === '' ? name : `${namespace}/${name}`;
}
