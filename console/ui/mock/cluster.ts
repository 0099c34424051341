import type { WireFlow } from '../src/features/flows/model/wire.ts';
import { History } from './history.ts';
import { activityOf, flowsOf, PolicyStore, Refused } from './policyStore.ts';
import { Scenario } from './scenario.ts';
import { trafficOf } from './views.ts';

/** The mock cluster as a whole: its past, its policies, its endpoints and nodes. */
export class Cluster {
  readonly scenario = new Scenario();
  readonly history: History;
  readonly policies = new PolicyStore();
  signedIn = false;

  constructor(silent: boolean) {
    this.history = silent ? new History(0, new Scenario()) : new History(Date.now(), this.scenario);
    if (silent) this.history.flows.length = 0;
  }

  flow(id: string): WireFlow {
    const found = this.history.flows.findLast((flow) => flow.id === id);
    if (!found) throw new Refused(404, `no flow ${id} is kept`);
    return found;
  }

  fix(id: string): object {
    const flow = this.flow(id);
    const base = { from: `${flow.source_namespace}/${flow.source_name}`, to: `${flow.dest_namespace}/${flow.dest_name}`, protocol: flow.protocol, port: flow.dest_port };
    if (flow.dest_namespace === '-') throw new Refused(422, `${flow.dest_name} has no address that could be judged: ask with an address`);
    const cart = this.policies.find('NetworkPolicy', 'shop', 'cart');
    const rule = '- from:\n    - podSelector:\n        matchLabels:\n          app: recommend\n  ports:\n    - protocol: TCP\n      port: 7070\n';
    const after = cart.yaml + rule.replace(/^/gm, '    ').trimEnd() + '\n';
    return {
      ...base,
      action: flow.action,
      changes: [
        {
          statement: 'add an Allow rule to the ingress rules of NetworkPolicy shop/cart in tier default',
          policy: { kind: 'NetworkPolicy', namespace: 'shop', name: 'cart' },
          tier: 'default',
          exists: true,
          rule_yaml: rule,
          before_yaml: cart.yaml,
          after_yaml: after,
          staged_yaml: after.replace('networking.k8s.io/v1', 'projectcalico.org/v3').replace('kind: NetworkPolicy', 'kind: StagedKubernetesNetworkPolicy'),
          resource_version: '1',
        },
      ],
      notes: [],
      effect: this.effect(flow),
    };
  }

  private effect(flow: WireFlow): object {
    const [source, dest] = [`${flow.source_namespace}/${flow.source_name}`, `${flow.dest_namespace}/${flow.dest_name}`];
    const turned = { change: 'denied -> allowed', source, dest, protocol: flow.protocol, port: flow.dest_port, connections: 31, last_seen: flow.end_time };
    const item = { change: 'denied -> allowed', from: [source], to: [dest], traffic: `${flow.protocol}/${flow.dest_port}`, pairs: 4, intended: false, before: null, after: null };
    return {
      flows: { conversations: 64, connections: 9_120, allowed_to_denied: 0, denied_to_allowed: 1, unknown: 0, items: [turned] },
      endpoints: { allowed_to_denied: 0, denied_to_allowed: 4, items: [item] },
      truncated: false,
    };
  }

  endpoint(namespace: string, name: string, flows: readonly WireFlow[]): object {
    const endpoint = this.endpoints().find((each) => each.namespace === namespace && (each.name === name || name === `${each.owner}-*` || name === each.owner));
    if (!endpoint) throw new Refused(404, `no pod of ${namespace} is called ${name}`);
    const { owner, ...pod } = endpoint;
    const tiers = ['platform', 'default'].map((tier) => ({
      name: tier,
      default_action: tier === 'default' ? 'Deny' : 'Pass',
      policies: this.policies
        .all()
        .filter((policy) => policy.tier === tier && (policy.namespace === '' || policy.namespace === namespace))
        .map(({ kind, namespace: own, name: policyName }) => ({ kind, namespace: own, name: policyName })),
    }));
    return {
      endpoint: pod,
      siblings: this.endpoints().filter((each) => each.namespace === namespace && each.owner === owner).length,
      ingress: tiers,
      egress: tiers.slice(0, 1),
      profiles: [`kns.${namespace}`],
      traffic: trafficOf(flows, (otherNamespace, otherName) => otherNamespace === namespace && otherName === `${owner}-*`),
    };
  }

  endpoints(): readonly { kind: string; namespace: string; name: string; owner: string; node: string; addresses: string[]; labels: object }[] {
    const names = new Map<string, { namespace: string; owner: string; labels: object }>();
    for (const peer of this.scenario.pods()) {
      names.set(`${peer.namespace}/${peer.name}`, { namespace: peer.namespace, owner: peer.name.replace('-*', ''), labels: labelsOf(peer.labels) });
    }
    return [...names.values()].flatMap(({ namespace, owner, labels }, index) =>
      [1, 2].map((replica) => ({
        kind: 'pod',
        namespace,
        name: `${owner}-${replica}`,
        owner,
        node: `node-${replica}`,
        addresses: [`10.65.${replica}.${index + 10}`],
        labels,
      })),
    );
  }

  namespaces(): readonly { name: string; labels: object; endpoints: number; policies: number }[] {
    const endpoints = this.endpoints();
    return [...new Set(endpoints.map((each) => each.namespace))].sort().map((name) => ({
      name,
      labels: { 'kubernetes.io/metadata.name': name },
      endpoints: endpoints.filter((each) => each.namespace === name).length,
      policies: this.policies.all().filter((policy) => policy.namespace === name).length,
    }));
  }

  namespace(name: string, flows: readonly WireFlow[]): object {
    const namespace = this.namespaces().find((each) => each.name === name);
    if (!namespace) throw new Refused(404, `there is no namespace ${name}`);
    const policies = this.policies.all().filter((policy) => policy.namespace === name || policy.namespace === '');
    return {
      namespace,
      endpoints: this.endpoints()
        .filter((each) => each.namespace === name)
        .map(({ owner: _, ...pod }) => pod),
      policies: policies.map((policy, index) => this.policies.card(policy, index, flows)),
      traffic: trafficOf(flows, (other) => other === name),
    };
  }

  policySummary(kind: string, namespace: string, name: string, flows: readonly WireFlow[]): object {
    const policy = this.policies.find(kind, namespace, name);
    const described = this.policies.describe(policy) as { rules: { ingress: string[]; egress: string[] } };
    const own = flowsOf(policy, flows);
    const rules = (['ingress', 'egress'] as const).flatMap((direction) =>
      described.rules[direction].map((yaml, index) => {
        const hits = own.flatMap((flow) => flow.policies.enforced ?? []).filter((hit) => hit.name === name && hit.rule_index === index);
        const packets = (action: string) => 12 * hits.filter((hit) => hit.action === action).length;
        return {
          direction: direction === 'ingress' ? 'Ingress' : 'Egress',
          rule_index: index,
          yaml,
          packets: { allowed: packets('Allow'), denied: packets('Deny'), passed: packets('Pass') },
        };
      }),
    );
    const endpoints = this.endpoints().filter((each) => namespace === '' || each.namespace === namespace);
    return {
      policy: described,
      activity: activityOf(policy, flows),
      rules,
      endpoints: endpoints.map(({ owner: _, ...pod }) => pod),
      endpoint_count: endpoints.length,
      denied: own
        .filter((flow) => flow.action === 'Deny')
        .reverse()
        .slice(0, 50),
    };
  }

  nodes(): object {
    const node = (name: string, state: string, p99: number, dropped: object) => ({
      name,
      state,
      version: '0.1.0',
      dataplane: 'nftables',
      last_seen: new Date(Date.now() - (state === 'silent' ? 260_000 : 1_500)).toISOString(),
      programming: {
        changes: 412, failures: 0, p50_millis: p99 / 4, p99_millis: p99, last_millis: p99 / 3,
        times: [
          { up_to_millis: 0.5, changes: 0 },
          { up_to_millis: 1, changes: 90 },
          { up_to_millis: 2.5, changes: 301 },
          { up_to_millis: 5, changes: 16 },
          { up_to_millis: 25, changes: 5 },
          { up_to_millis: null, changes: 0 },
        ],
      },
      tables: { classes: 214, groups: 96, port_tables: 143, outcomes: 388 },
      dropped,
      endpoints: 11,
    });
    return { items: [node('node-1', 'ok', 4.6, { 'queue-full': 0 }), node('node-2', 'degraded', 18.2, { 'nflog-overrun': 37 }), node('node-3', 'silent', 5.1, {})] };
  }
}

function labelsOf(text: string): object {
  return Object.fromEntries(
    text
      .split(' | ')
      .filter(Boolean)
      .map((label) => label.split('=') as [string, string]),
  );
}
