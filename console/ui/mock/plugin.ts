import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { Cluster } from './cluster.ts';
import { instant } from './history.ts';
import { migrationsOf } from './migrations.ts';
import { Refused } from './policyStore.ts';
import { densityOf, graphOf, pageOf } from './views.ts';
import { largeGraph } from './largeGraph.ts';
import { usesOf } from './uses.ts';
import { fixOf, whyOf } from './why.ts';

export interface MockOptions {
  /** How many records of the recent past a new stream starts with. */
  readonly backlog?: number;
  /** New connections for each second. */
  readonly rate?: number;
  /** Nothing happens in this cluster. */
  readonly silent?: boolean;
  /** Nothing is shown before somebody signs in with this password. */
  readonly password?: string;
  /** The graph has this many workloads, whatever is asked. */
  readonly graphNodes?: number;
}

const BACKLOG_MILLIS = 10 * 60_000;
const TICK_MILLIS = 250;
const TOKEN = 'mock-token';

/**
 * The console's HTTP API over a made-up cluster, for work on the page without a lab and for browser tests
 * of unusual weather. Development only: nothing of it is in the built page.
 */
export function mockApi(options: MockOptions): Plugin {
  const cluster = new Cluster(options.silent ?? false);
  const handle = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (!url.pathname.startsWith('/api/v1/')) return next();
    const path = url.pathname.slice('/api/v1/'.length).split('/').map(decodeURIComponent);
    if (path.join('/') === 'flows/stream') return stream(response, options, cluster);
    readBody(request)
      .then((body) => answer(cluster, options, request.method ?? 'GET', path, url.searchParams, body))
      .then(
        (value) => json(response, 200, value),
        (problem: unknown) => json(response, problem instanceof Refused ? problem.status : 500, { error: String((problem as Error).message), problems: [] }),
      );
  };
  return {
    name: 'margay-mock-api',
    configureServer: (server) => void server.middlewares.use(handle),
    configurePreviewServer: (server) => void server.middlewares.use(handle),
  };
}

function answer(cluster: Cluster, options: MockOptions, method: string, path: readonly string[], query: URLSearchParams, body: string): object {
  const flows = () => cluster.history.select(query, Date.now());
  const [what, first, second, third] = path as [string, string, string, string];
  if (what === 'session') return session(cluster, options, method, body);
  if (options.password !== undefined && !cluster.signedIn) throw new Refused(401, 'sign in first');
  switch (what) {
    case 'status':
      return status(options, cluster);
    case 'nodes':
      return cluster.nodes();
    case 'tiers':
      return cluster.policies.board(flows());
    case 'migrations':
      return options.silent ? { ...migrationsOf(Number(query.get('gapMillis')), Date.now()), items: [] } : migrationsOf(Number(query.get('gapMillis')), Date.now());
    case 'why':
      return whyOf(cluster, query);
    case 'fix':
      return fixOf(cluster, query);
    case 'namespaces':
      return first === undefined ? { items: cluster.namespaces() } : cluster.namespace(first, flows());
    case 'endpoints':
      return cluster.endpoint(first, second, flows());
    case 'flows':
      if (first === undefined) return pageOf(flows(), query);
      if (first === 'density') return densityOf(flows(), query, Date.now());
      if (first === 'graph') return options.graphNodes ? largeGraph(options.graphNodes) : graphOf(flows(), query);
      return second === 'fix' ? cluster.fix(first) : cluster.flow(first);
    case 'policies':
      return policies(cluster, method, [first, second, third, path[4]], query, body);
    default:
      throw new Refused(404, `no such resource: ${path.join('/')}`);
  }
}

function session(cluster: Cluster, options: MockOptions, method: string, body: string): object {
  if (method === 'POST') {
    if ((JSON.parse(body) as { password?: string }).password !== options.password) throw new Refused(401, 'the name or password is wrong');
    cluster.signedIn = true;
  }
  if (method === 'DELETE') cluster.signedIn = false;
  const known = cluster.signedIn || options.password === undefined;
  return {
    signed_in: known,
    serves: 'flows',
    user: known ? 'admin' : null,
    csrf_token: known ? TOKEN : null,
    permissions: known ? { edit: true, all_namespaces: true, namespaces: [] } : null,
    sign_in: { required: true, password: true, token: false, oidc: false, link: true },
  };
}

function policies(cluster: Cluster, method: string, [kind, dashed, name, verb]: readonly (string | undefined)[], query: URLSearchParams, body: string): object {
  const store = cluster.policies;
  const sent = body === '' ? {} : (JSON.parse(body) as Record<string, never>);
  const recent = () => cluster.history.select(new URLSearchParams({ startTimeGte: '-3600' }), Date.now());
  if (kind === 'use') return usesOf(store, cluster.history.flows, instant(query.get('startTimeGte'), 0, Date.now()), Date.now());
  if (kind === 'validate') return store.validate(sent['yaml']!);
  if (kind === 'preview') return store.preview(sent, recent());
  if (kind === 'apply') return store.apply(sent['yaml']!, sent['resource_version']);
  const namespace = dashed === '-' ? '' : dashed!;
  const policy = store.find(kind!, namespace, name!);
  if (verb === 'summary') return cluster.policySummary(kind!, namespace, name!, cluster.history.select(query, Date.now()));
  if (verb === 'stage') return store.stage(policy, sent);
  if (verb === 'enforce') return store.enforce(policy);
  if (verb === 'order') return store.moveBefore(policy, sent['before'] ?? null);
  return method === 'DELETE' ? store.remove(policy) : store.describe(policy);
}

function stream(response: ServerResponse, options: MockOptions, cluster: Cluster): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  if (options.silent) {
    response.write('event: sync\ndata: {}\n\n');
    const alive = setInterval(() => response.write(': alive\n\n'), 5_000);
    response.on('close', () => clearInterval(alive));
    return;
  }
  const backlog = options.backlog ?? 400;
  const begin = Date.now() - BACKLOG_MILLIS;
  let sent = 0;
  let chunk = '';
  while (sent < backlog) {
    const flows = cluster.scenario.connection(begin + (BACKLOG_MILLIS * sent) / backlog);
    if (backlog < 5_000) cluster.history.add(flows);
    for (const flow of flows) {
      chunk += `data: ${JSON.stringify(flow)}\n\n`;
      sent++;
    }
  }
  response.write(`${chunk}event: sync\ndata: {}\n\n`);
  const rate = options.rate ?? 6;
  let owed = 0;
  const timer = setInterval(() => {
    response.write(': alive\n\n');
    for (owed += (rate * TICK_MILLIS) / 1000; owed >= 1; owed--) {
      const flows = cluster.scenario.connection(Date.now());
      cluster.history.add(flows);
      for (const flow of flows) response.write(`data: ${JSON.stringify(flow)}\n\n`);
    }
  }, TICK_MILLIS);
  response.on('close', () => clearInterval(timer));
}

function status(options: MockOptions, cluster: Cluster): object {
  return {
    node: 'node-1',
    version: '0.1.0',
    dataplane: 'nftables',
    started_at: new Date(Date.now() - 26 * 3_600_000).toISOString(),
    tables: { nodes: 3, pods: options.silent ? 0 : cluster.endpoints().length, policies: cluster.policies.all().length },
    flows: { events: 128_400, flows: 1_204, buckets: 240, connections: 340, streams: 1 },
    dropped: { 'queue-full': 0 },
    history: { oldest: new Date(Date.now() - 26 * 3_600_000).toISOString(), bytes: 48_000_000 },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

function json(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
