import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { namespaceProfile, POLICIES, TIERS } from './policies.ts';
import { Scenario } from './scenario.ts';

export interface MockOptions {
  /** How many records of the recent past a new stream starts with. */
  readonly backlog?: number;
  /** New connections for each second. */
  readonly rate?: number;
  /** Nothing happens in this cluster. */
  readonly silent?: boolean;
}

const BACKLOG_MILLIS = 10 * 60_000;
const TICK_MILLIS = 250;

/**
 * The console's HTTP API over a made-up cluster, for work on the page without a lab and for its
 * browser tests. Development only: nothing of it is in the built page.
 */
export function mockApi(options: MockOptions): Plugin {
  const handle = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (!url.pathname.startsWith('/api/v1/')) return next();
    const path = url.pathname.slice('/api/v1/'.length);
    if (path === 'flows/stream') return stream(response, options);
    if (path === 'status') return json(response, 200, status(options));
    if (path === 'tiers') return json(response, 200, { tiers: tiers() });
    if (path.startsWith('policies/')) return policy(response, path.split('/').map(decodeURIComponent));
    return json(response, 404, { error: `no such resource: ${url.pathname}` });
  };
  return {
    name: 'margay-mock-api',
    configureServer: (server) => void server.middlewares.use(handle),
    configurePreviewServer: (server) => void server.middlewares.use(handle),
  };
}

function stream(response: ServerResponse, options: MockOptions): void {
  const scenario = new Scenario();
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
    for (const flow of scenario.connection(begin + (BACKLOG_MILLIS * sent) / backlog)) {
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
      for (const flow of scenario.connection(Date.now())) response.write(`data: ${JSON.stringify(flow)}\n\n`);
    }
  }, TICK_MILLIS);
  response.on('close', () => clearInterval(timer));
}

function policy(response: ServerResponse, [, kind, namespace, name]: string[]): void {
  const candidates = kind === 'Profile' ? [namespaceProfile(name!)] : POLICIES;
  const found = candidates.find(
    (candidate) => candidate.kind === kind && (candidate.namespace || '-') === namespace && candidate.name === name,
  );
  if (!found) return json(response, 404, { error: `${kind} ${namespace}/${name} does not exist` });
  const rules = { ingress: rulesOf(found.yaml, 'ingress'), egress: rulesOf(found.yaml, 'egress') };
  const apiVersion = found.yaml.split('\n')[0]!.replace('apiVersion: ', '');
  json(response, 200, { ...found, api_version: apiVersion, rules });
}

/** The items below `ingress:` or `egress:`, as the mock's policies are indented. */
function rulesOf(yaml: string, direction: string): string[] {
  const lines = yaml.split('\n');
  const head = lines.indexOf(`  ${direction}:`);
  if (head < 0) return [];
  const rules: string[] = [];
  for (const line of lines.slice(head + 1)) {
    if (!line.startsWith('    ')) break;
    if (line.startsWith('    - ')) rules.push('');
    rules[rules.length - 1] += `${line.slice(6)}\n`;
  }
  return rules;
}

function tiers(): object[] {
  return TIERS.map((tier) => ({
    ...tier,
    missing: false,
    policies: POLICIES.filter((candidate) => candidate.tier === tier.name).map(({ kind, namespace, name }) => ({ kind, namespace, name })),
  }));
}

function status(options: MockOptions): object {
  return {
    node: 'node-1',
    version: '0.1.0',
    dataplane: 'simulated',
    started_at: new Date(Date.now() - BACKLOG_MILLIS).toISOString(),
    tables: { nodes: 2, pods: options.silent ? 0 : 14, policies: POLICIES.length },
    flows: { events: 0, flows: 0, buckets: 40, streams: 1 },
    dropped: { 'queue-full': 0 },
  };
}

function json(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
