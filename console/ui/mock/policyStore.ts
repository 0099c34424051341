import type { WireFlow } from '../src/features/flows/model/wire.ts';
import { hitsOf } from './history.ts';
import { namespaceProfile, POLICIES, TIERS, type MockPolicy } from './policies.ts';

/** A refusal of the mock, as the server would give it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const ENFORCED: Readonly<Record<string, string>> = {
  StagedNetworkPolicy: 'CalicoNetworkPolicy',
  StagedGlobalNetworkPolicy: 'GlobalNetworkPolicy',
  StagedKubernetesNetworkPolicy: 'NetworkPolicy',
};

/** The policies of the mock cluster, which can be changed; it checks and parses only what the page needs. */
export class PolicyStore {
  private policies: MockPolicy[] = [...POLICIES];
  private versions = new Map<string, number>();

  find(kind: string, namespace: string, name: string): MockPolicy {
    const all = kind === 'Profile' ? [namespaceProfile(name)] : this.policies;
    const found = all.find((policy) => policy.kind === kind && policy.namespace === namespace && policy.name === name);
    if (!found) throw new Refused(404, `${kind} ${namespace ? `${namespace}/` : ''}${name} does not exist`);
    return found;
  }

  describe(policy: MockPolicy): object {
    return {
      kind: policy.kind,
      api_version: policy.yaml.split('\n')[0]!.replace('apiVersion: ', ''),
      namespace: policy.namespace,
      name: policy.name,
      tier: policy.tier,
      staged: policy.kind in ENFORCED,
      yaml: policy.yaml,
      resource_version: policy.kind === 'Profile' ? '' : this.version(policy),
      editable: policy.kind !== 'Profile',
      rules: { ingress: rulesOf(policy.yaml, 'ingress'), egress: rulesOf(policy.yaml, 'egress') },
    };
  }

  validate(yaml: string): object {
    const policy = parse(yaml);
    const problems = problemsOf(yaml);
    return { valid: problems.length === 0, policy: policy && { kind: policy.kind, namespace: policy.namespace, name: policy.name }, tier: policy?.tier ?? null, problems };
  }

  apply(yaml: string, version: string | undefined): object {
    const policy = parse(yaml);
    if (!policy || problemsOf(yaml).length > 0) throw new Refused(422, 'the policy is not valid');
    const known = this.policies.find((other) => same(other, policy));
    if (version === '' && known) throw new Refused(409, `${policy.kind} ${policy.name} exists already.`);
    if (version && known && version !== this.version(known)) throw new Refused(409, 'it was changed by somebody else.');
    this.put(policy);
    return this.describe(policy);
  }

  stage(policy: MockPolicy, body: { readonly yaml?: string; readonly delete?: boolean }): object {
    const kind = Object.keys(ENFORCED).find((staged) => ENFORCED[staged] === policy.kind);
    if (!kind) throw new Refused(422, `${policy.kind} cannot be staged`);
    let yaml = (body.yaml ?? policy.yaml).replace(/^kind: .*$/m, `kind: ${kind}`).replace(/^apiVersion: .*$/m, 'apiVersion: projectcalico.org/v3');
    if (body.delete) yaml = yaml.replace(/^spec:$/m, 'spec:\n  stagedAction: Delete');
    const staged = { ...policy, kind, yaml };
    this.put(staged);
    return this.describe(staged);
  }

  enforce(staged: MockPolicy): object {
    const kind = ENFORCED[staged.kind];
    if (!kind) throw new Refused(422, `${staged.kind} is not staged`);
    this.remove(staged);
    const yaml = staged.yaml.replace(/^kind: .*$/m, `kind: ${kind.replace('Calico', '')}`);
    const policy = { ...staged, kind, yaml };
    this.put(policy);
    return this.describe(policy);
  }

  remove(policy: MockPolicy): object {
    this.policies = this.policies.filter((other) => !same(other, policy));
    return this.describe(policy);
  }

  moveBefore(policy: MockPolicy, before: { readonly kind: string; readonly namespace: string; readonly name: string } | null): object {
    const rest = this.policies.filter((other) => !same(other, policy));
    const index = before === null ? rest.length : rest.findIndex((other) => other.kind === before.kind && other.namespace === before.namespace && other.name === before.name);
    rest.splice(index < 0 ? rest.length : index, 0, policy);
    this.policies = rest;
    return this.describe(policy);
  }

  board(flows: readonly WireFlow[]): object {
    const tiers = TIERS.map((tier) => ({
      ...tier,
      missing: false,
      policies: this.policies.filter((policy) => policy.tier === tier.name).map((policy, index) => this.card(policy, index, flows)),
    }));
    return { tiers };
  }

  card(policy: MockPolicy, index: number, flows: readonly WireFlow[]): object {
    return {
      kind: policy.kind,
      namespace: policy.namespace,
      name: policy.name,
      order: Number(/^ {2}order: (\d+)/m.exec(policy.yaml)?.[1] ?? 100 * (index + 1)),
      staged: policy.kind in ENFORCED,
      types: ['Ingress'],
      ingress_rules: rulesOf(policy.yaml, 'ingress').length,
      egress_rules: rulesOf(policy.yaml, 'egress').length,
      resource_version: this.version(policy),
      labels: {},
      editable: true,
      activity: activityOf(policy, flows),
    };
  }

  all(): readonly MockPolicy[] {
    return this.policies;
  }

  preview(change: { readonly yaml?: string; readonly delete?: MockPolicy; readonly traffic?: boolean }, flows: readonly WireFlow[]): object {
    const policy = change.yaml === undefined ? this.find(change.delete!.kind, change.delete!.namespace, change.delete!.name) : parse(change.yaml);
    if (!policy) throw new Refused(422, 'the text names no policy');
    const stored = this.policies.find((other) => same(other, policy));
    const changed = flows.filter((flow) => flow.action === 'Deny').slice(-6);
    return {
      policy: { kind: policy.kind, namespace: policy.namespace, name: policy.name },
      staged: policy.kind in ENFORCED,
      before_yaml: stored?.yaml ?? '',
      after_yaml: change.yaml ?? '',
      flows: {
        considered: flows.length,
        newly_allowed: changed.length,
        newly_denied: 0,
        unchanged: flows.length - changed.length,
        uncertain: 0,
        truncated: false,
        items: changed.map((flow) => ({ flow, before: 'Deny', after: 'Allow', uncertain: false, reason: '' })),
      },
      endpoints: { before: stored ? 2 : 0, after: change.yaml === undefined ? 0 : 2, gained: stored ? [] : ['shop/cart-1', 'shop/cart-2'], lost: [] },
      traffic: change.traffic
        ? {
            allowed_to_denied: 6,
            denied_to_allowed: 0,
            items: [{ change: 'allowed -> denied', from: ['shop/storefront-*', 'shop/checkout-*'], to: ['shop/cart-*'], traffic: 'tcp/7070', pairs: 6, intended: false, before: null, after: null }],
          }
        : null,
    };
  }

  private put(policy: MockPolicy): void {
    const index = this.policies.findIndex((other) => same(other, policy));
    if (index < 0) this.policies.push(policy);
    else this.policies[index] = policy;
    this.versions.set(keyOf(policy), Number(this.version(policy)) + 1);
  }

  private version(policy: MockPolicy): string {
    return String(this.versions.get(keyOf(policy)) ?? 1);
  }
}

export function activityOf(policy: MockPolicy, flows: readonly WireFlow[]): object {
  const counts = { Allow: 0, Deny: 0, Pass: 0 };
  let lastUsed: string | null = null;
  for (const flow of flows) {
    const hits = policy.kind in ENFORCED ? flow.policies.pending : flow.policies.enforced;
    for (const hit of hits ?? []) {
      const ref = hit.trigger ?? hit;
      if (ref.kind !== policy.kind || ref.name !== policy.name || ref.namespace !== policy.namespace) continue;
      counts[hit.action as keyof typeof counts] += flow.connections_started;
      lastUsed = flow.end_time;
    }
  }
  return { allowed: counts.Allow, denied: counts.Deny, passed: counts.Pass, last_used: lastUsed };
}

export function flowsOf(policy: MockPolicy, flows: readonly WireFlow[]): WireFlow[] {
  return flows.filter((flow) => hitsOf(flow).some((hit) => hit.kind === policy.kind && hit.name === policy.name && hit.namespace === policy.namespace));
}

function keyOf(policy: MockPolicy): string {
  return `${policy.kind}:${policy.namespace}/${policy.name}`;
}

function same(a: MockPolicy, b: MockPolicy): boolean {
  return keyOf(a) === keyOf(b);
}

function parse(yaml: string): MockPolicy | null {
  const value = (pattern: RegExp) => pattern.exec(yaml)?.[1] ?? '';
  const kind = value(/^kind: (\w+)/m);
  const name = value(/^ {2}name: (\S+)/m);
  if (kind === '' || name === '') return null;
  const calico = value(/^apiVersion: (\S+)/m) === 'projectcalico.org/v3';
  return {
    kind: kind === 'NetworkPolicy' && calico ? 'CalicoNetworkPolicy' : kind,
    namespace: value(/^ {2}namespace: (\S+)/m),
    name,
    tier: value(/^ {2}tier: (\S+)/m) || 'default',
    yaml,
  };
}

function problemsOf(yaml: string): object[] {
  const order = /^ {2}order: (.*)$/m.exec(yaml)?.[1];
  if (order === undefined || /^\d+(\.\d+)?$/.test(order)) return [];
  const [field, reason, fix] = ['spec.order', 'not a number', 'Write a number like 100.'];
  return [{ resource: '', field, value: order, reason, fix, text: `${field} "${order}": ${reason}` }];
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
