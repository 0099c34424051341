import { LIST_FIELDS, type Filters } from './filters';
import { parsePeer, type PeerMatch } from './peers';
import { fieldsOf, parsePolicyMatch } from './policies';
import { parsePort } from './ports';

/** A filter in the server's form, see docs/api.md. */
export interface ServerFilter {
  /** JSON; empty for no filter. */
  readonly json: string;
  /**
   * False if the server cannot be asked exactly this: it then answers with more, and counts made from
   * its answer are upper bounds.
   */
  readonly exact: boolean;
}

interface Value {
  readonly value: string | number;
  readonly type?: 'Exact';
}

/** Lists are filtered again by `predicate`, so that they are exact in any case. */
export function serverFilter(filters: Filters): ServerFilter {
  const filter: Record<string, unknown> = {};
  let exact = true;
  if (filters.verdict !== 'any') filter.actions = [actionName(filters.verdict)];
  if (filters.pending === 'differs') filter.pending_differs = true;
  else if (filters.pending !== 'any') {
    // The server looks at each pending step, and a walk that ends in a denial may pass before.
    filter.pending_actions = [actionName(filters.pending)];
    exact = false;
  }
  if (filters.reporter !== 'any') filter.reporter = filters.reporter === 'src' ? 'Src' : 'Dst';
  if (filters.namespaces.length > 0) filter.namespaces = filters.namespaces.map(exactly);
  exact = putPeers(filter, 'source', filters.sources) && exact;
  exact = putPeers(filter, 'dest', filters.dests) && exact;
  exact = putPorts(filter, filters.ports) && exact;
  const policies = filters.policies.map(parsePolicyMatch).filter((match) => match !== null);
  if (policies.length > 0) filter.policies = policies.map(fieldsOf);
  if (filters.text.trim() !== '') exact = false;
  return { json: Object.keys(filter).length === 0 ? '' : JSON.stringify(filter), exact };
}

/** Namespaces and names are separate fields there: more than one of each is asked for too widely. */
function putPeers(filter: Record<string, unknown>, side: 'source' | 'dest', texts: readonly string[]): boolean {
  if (texts.length === 0) return true;
  const peers = texts.map(parsePeer);
  const namespaces = distinct(peers.map((peer) => peer.namespace || 'Global'));
  const wholeNamespace = peers.some((peer) => peer.name === '');
  const names = wholeNamespace ? [] : distinct(peers.map(nameOnWire));
  filter[`${side}_namespaces`] = namespaces.map(exactly);
  if (names.length > 0) filter[`${side}_names`] = names.map(exactly);
  const named = peers.filter((peer) => peer.name !== '').length;
  return named === 0 || peers.length === 1 || (!wholeNamespace && namespaces.length === 1);
}

/** The page writes the names of networks small. */
function nameOnWire(peer: PeerMatch): string {
  const isNetwork = peer.namespace === '' && (peer.name === 'public network' || peer.name === 'private network');
  return isNetwork ? peer.name.toUpperCase() : peer.name;
}

function putPorts(filter: Record<string, unknown>, texts: readonly string[]): boolean {
  const ports = texts.map(parsePort).filter((match) => match !== null);
  if (ports.length === 0) return true;
  const protocols = distinct(ports.map((match) => match.protocol));
  const numbers = ports.map((match) => match.port);
  if (!protocols.includes('')) filter.protocols = protocols.map(exactly);
  if (!numbers.includes(null)) filter.dest_ports = [...new Set(numbers)].map((value) => ({ value }));
  return ports.length === 1 || protocols.length === 1;
}

function actionName(verdict: 'allow' | 'deny' | 'pass'): string {
  return verdict === 'allow' ? 'Allow' : verdict === 'deny' ? 'Deny' : 'Pass';
}

function exactly(value: string): Value {
  return { value, type: 'Exact' };
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

/** How many values and choices narrow the view. */
export function filterCount(filters: Filters): number {
  const single = [filters.verdict, filters.pending, filters.reporter].filter((value) => value !== 'any').length;
  return single + LIST_FIELDS.reduce((sum, field) => sum + filters[field].length, 0);
}
