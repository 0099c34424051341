import type { WireFlow } from '../src/features/flows/model/wire.ts';
import type { Cluster } from './cluster.ts';
import { Refused } from './policyStore.ts';

const AROUND_SECONDS = [15, 300, 3_600] as const;

/** The chain behind a connection that happened some time; with `at`, what is on record about then. */
export function whyOf(cluster: Cluster, query: URLSearchParams): object {
  const [from, to] = ['from', 'to'].map((end) => query.get(end) ?? '') as [string, string];
  const at = Number(query.get('at') ?? 0);
  const flows = cluster.history.flows.filter((flow) => isEnd(from, flow.source_namespace, flow.source_name) && isEnd(to, flow.dest_namespace, flow.dest_name) && isPort(query, flow));
  if (at === 0) return now(from, to, query, flows);
  for (const seconds of AROUND_SECONDS) {
    const near = flows.filter((flow) => Math.abs(Date.parse(flow.start_time) / 1000 - at) <= seconds);
    if (near.length > 0) return { from, to, at: time(at), within_seconds: seconds, items: near.reverse(), missing: null };
  }
  return { from, to, at: time(at), within_seconds: null, items: [], missing: 'others are, so they did not speak, or no policy judged it' };
}

/** The same change as for a flow between the two. */
export function fixOf(cluster: Cluster, query: URLSearchParams): object {
  const to = query.get('to') ?? '';
  const flow = cluster.history.flows.findLast((each) => each.action === 'Deny' && isEnd(to, each.dest_namespace, each.dest_name));
  if (!flow) throw new Refused(400, `there is no pod ${to}`);
  return cluster.fix(flow.id);
}

function now(from: string, to: string, query: URLSearchParams, flows: readonly WireFlow[]): object {
  const last = flows.at(-1);
  if (!last) throw new Refused(400, `there is no pod ${from}`);
  const step = (flow: WireFlow, direction: string, endpoint: string) => ({
    endpoint,
    direction,
    forwarding: false,
    stage: 'normal',
    tiers: [
      { name: 'platform', default_action: 'Pass', policies: [] },
      { name: 'default', default_action: 'Deny', policies: [] },
    ],
    profiles: [],
    action: flow.action,
    pending_action: flow.pending_action,
    policies: flow.policies,
  });
  return {
    from,
    to,
    protocol: query.get('protocol') ?? 'tcp',
    port: last.dest_port,
    action: last.action,
    pending_action: last.pending_action,
    steps: [step(last, last.reporter === 'Src' ? 'egress' : 'ingress', last.reporter === 'Src' ? from : to)],
    notes: [`${to} stands for the pod ${to}-1`],
    flip: null,
  };
}

function isEnd(asked: string, namespace: string, name: string): boolean {
  const owner = name.replace(/-\*$/, '');
  return namespace === '-' ? asked === name : asked === `${namespace}/${name}` || asked === `${namespace}/${owner}`;
}

function isPort(query: URLSearchParams, flow: WireFlow): boolean {
  const port = query.get('port');
  return port === null || Number(port) === flow.dest_port;
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
