import type { WireFlow, WireHit, WireService } from '../src/features/flows/model/wire.ts';
import { POLICIES } from './policies.ts';

export interface Peer {
  readonly type: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: string;
}

/** A call that the mock cluster makes over and over. */
interface Call {
  readonly from: Peer;
  readonly to: Peer;
  readonly service: string;
  readonly protocol: string;
  readonly port: number;
  /** How often, compared with the others. */
  readonly weight: number;
  /** The source's egress; the destination's ingress is missing where the packet never arrived. */
  readonly egress: Verdict;
  readonly ingress?: Verdict;
}

interface Verdict {
  readonly enforced: readonly WireHit[];
  readonly pending?: readonly WireHit[];
}

function pod(namespace: string, app: string, extra = ''): Peer {
  return { type: 'WorkloadEndpoint', name: `${app}-*`, namespace, labels: `app=${app}${extra && ` | ${extra}`}` };
}

function network(name: string): Peer {
  return { type: 'Network', name, namespace: '-', labels: '' };
}

function hit(key: string, action: string, ruleIndex: number): WireHit {
  const policy = POLICIES.find((candidate) => candidate.name === key);
  if (!policy) throw new Error(`no policy ${key}`);
  const { kind, name, namespace, tier } = policy;
  return { kind, name, namespace, tier, action, policy_index: 0, rule_index: ruleIndex, trigger: null };
}

function endOfTier(key: string, action: string): WireHit {
  const trigger = { ...hit(key, 'ActionUnspecified', 0) };
  return { kind: 'EndOfTier', name: '', namespace: '', tier: trigger.tier, action, policy_index: 0, rule_index: -1, trigger };
}

function profile(namespace: string): WireHit {
  return { kind: 'Profile', name: `kns.${namespace}`, namespace: '', tier: '', action: 'Allow', policy_index: 0, rule_index: 0, trigger: null };
}

const passPlatform = hit('platform.dns-and-metrics', 'Pass', 1);
const freeEgress = (namespace: string): Verdict => ({ enforced: [passPlatform, profile(namespace)] });
const internal: Verdict = { enforced: [passPlatform, hit('shop-internal', 'Allow', 1)] };

const storefront = pod('shop', 'storefront', 'tier=web');
const catalog = pod('shop', 'catalog');
const cart = pod('shop', 'cart');
const checkout = pod('shop', 'checkout');
const recommend = pod('shop', 'recommend');
const mailer = pod('shop', 'mailer');
const payments = pod('payments', 'payments-api', 'team=payments');
const ledger = pod('payments', 'ledger', 'team=payments');
const prometheus = pod('monitoring', 'prometheus');
const dns = pod('kube-system', 'coredns', 'k8s-app=kube-dns');
const debug = pod('shop', 'debug-shell', 'quarantine=true');

const CALLS: readonly Call[] = [
  { from: network('PUBLIC NETWORK'), to: storefront, service: 'shop/storefront', protocol: 'tcp', port: 8080, weight: 12, egress: { enforced: [] }, ingress: internal },
  { from: storefront, to: catalog, service: 'shop/catalog', protocol: 'tcp', port: 3550, weight: 18, egress: freeEgress('shop'), ingress: internal },
  { from: storefront, to: cart, service: 'shop/cart', protocol: 'tcp', port: 7070, weight: 14, egress: freeEgress('shop'), ingress: { enforced: [passPlatform, hit('cart', 'Allow', 0)] } },
  { from: checkout, to: cart, service: 'shop/cart', protocol: 'tcp', port: 7070, weight: 6, egress: freeEgress('shop'), ingress: { enforced: [passPlatform, hit('cart', 'Allow', 0)] } },
  { from: storefront, to: checkout, service: 'shop/checkout', protocol: 'tcp', port: 5050, weight: 6, egress: freeEgress('shop'), ingress: internal },
  { from: checkout, to: payments, service: 'payments/payments-api', protocol: 'tcp', port: 8443, weight: 5, egress: freeEgress('shop'), ingress: { enforced: [passPlatform, profile('payments')] } },
  { from: payments, to: ledger, service: 'payments/ledger', protocol: 'tcp', port: 5432, weight: 6, egress: freeEgress('payments'), ingress: { enforced: [passPlatform, hit('ledger', 'Allow', 1)] } },
  { from: checkout, to: ledger, service: 'payments/ledger', protocol: 'tcp', port: 5432, weight: 2, egress: freeEgress('shop'), ingress: { enforced: [passPlatform, hit('ledger', 'Deny', 0)] } },
  { from: recommend, to: cart, service: 'shop/cart', protocol: 'tcp', port: 7070, weight: 2, egress: freeEgress('shop'), ingress: { enforced: [passPlatform, endOfTier('cart', 'Deny')] } },
  { from: catalog, to: recommend, service: 'shop/recommend', protocol: 'tcp', port: 8080, weight: 5, egress: freeEgress('shop'), ingress: { enforced: [passPlatform, hit('shop-internal', 'Allow', 1)], pending: [passPlatform, hit('recommend-lockdown', 'Allow', 0)] } },
  { from: storefront, to: recommend, service: 'shop/recommend', protocol: 'tcp', port: 8080, weight: 4, egress: freeEgress('shop'), ingress: { enforced: [passPlatform, hit('shop-internal', 'Allow', 1)], pending: [passPlatform, hit('recommend-lockdown', 'Deny', 1)] } },
  { from: checkout, to: mailer, service: 'shop/mailer', protocol: 'tcp', port: 5000, weight: 3, egress: freeEgress('shop'), ingress: internal },
  { from: storefront, to: dns, service: 'kube-system/kube-dns', protocol: 'udp', port: 53, weight: 9, egress: { enforced: [hit('platform.dns-and-metrics', 'Allow', 0)] }, ingress: { enforced: [profile('kube-system')] } },
  { from: prometheus, to: catalog, service: '-', protocol: 'tcp', port: 9090, weight: 4, egress: freeEgress('monitoring'), ingress: { enforced: [hit('platform.dns-and-metrics', 'Allow', 0)] } },
  { from: debug, to: ledger, service: 'payments/ledger', protocol: 'tcp', port: 5432, weight: 2, egress: { enforced: [hit('security.quarantine', 'Deny', 1)] } },
  { from: debug, to: network('PRIVATE NETWORK'), service: '-', protocol: 'icmp', port: 0, weight: 1, egress: { enforced: [hit('security.quarantine', 'Deny', 1)] } },
  { from: mailer, to: network('PUBLIC NETWORK'), service: '-', protocol: 'tcp', port: 587, weight: 2, egress: freeEgress('shop') },
];

const WHEEL: readonly Call[] = CALLS.flatMap((call) => Array<Call>(call.weight).fill(call));
const BUCKET_MILLIS = 15_000;

/** Makes the flow records of one connection; always the same ones for the same seed. */
export class Scenario {
  private state: number;
  private nextId = 1;

  constructor(seed = 7) {
    this.state = seed;
  }

  /** One record for each end that judged the connection. */
  connection(at: number): WireFlow[] {
    const call = WHEEL[this.below(WHEEL.length)]!;
    const records: WireFlow[] = [];
    if (call.egress.enforced.length > 0) records.push(this.record(call, 'Src', call.egress, at));
    if (call.ingress) records.push(this.record(call, 'Dst', call.ingress, at));
    return records;
  }

  /** Everybody in the cluster who calls or is called. */
  pods(): readonly Peer[] {
    return [...new Set(CALLS.flatMap((call) => [call.from, call.to]))].filter((peer) => peer.type === 'WorkloadEndpoint');
  }

  private record(call: Call, reporter: string, verdict: Verdict, at: number): WireFlow {
    const start = Math.floor(at / BUCKET_MILLIS) * BUCKET_MILLIS;
    const pending = numbered(verdict.pending ?? verdict.enforced);
    const enforced = numbered(verdict.enforced);
    const action = enforced.at(-1)!.action;
    const packets = action === 'Deny' ? 1 + this.below(3) : 6 + this.below(60);
    return {
      id: `${this.nextId++}-${start / 1000}`,
      start_time: new Date(start).toISOString(),
      end_time: new Date(start + BUCKET_MILLIS).toISOString(),
      action,
      pending_action: pending.at(-1)!.action,
      source_name: call.from.name,
      source_namespace: call.from.namespace,
      source_type: call.from.type,
      source_labels: call.from.labels,
      dest_name: call.to.name,
      dest_namespace: call.to.namespace,
      dest_type: call.to.type,
      dest_labels: call.to.labels,
      dest_service: serviceOf(call),
      protocol: call.protocol,
      dest_port: call.port,
      reporter,
      policies: { enforced, pending },
      logs: enforced.some((step) => step.name === 'shop-internal') ? [hit('shop-internal', 'Log', 0)] : [],
      packets_in: packets,
      packets_out: action === 'Deny' ? 0 : packets,
      bytes_in: packets * (60 + this.below(900)),
      bytes_out: action === 'Deny' ? 0 : packets * (60 + this.below(1400)),
      connections_started: 1 + this.below(4),
      connections_completed: 1,
      connections_live: 0,
    };
  }

  /** A linear congruential generator, so that each run of the mock looks the same. */
  private below(limit: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * limit);
  }
}

function serviceOf(call: Call): WireService | null {
  if (call.service === '-') return null;
  const [namespace, name] = call.service.split('/') as [string, string];
  return { name, namespace, port_name: call.protocol, port: call.port };
}

function numbered(hits: readonly WireHit[]): WireHit[] {
  return hits.map((step, index) => ({ ...step, policy_index: index }));
}
