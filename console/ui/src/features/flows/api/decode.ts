import { policyKey, type Flow, type Hit, type PolicyRef, type Trace, type Verdict } from '../model/flow';
import type { ActionName, WireFlow, WireHit, WirePolicies } from '../model/wire';

/** Turns the server's flow records into {@link Flow}s, keeping one copy of each distinct trace. */
export class FlowDecoder {
  private readonly traces = new Map<string, Trace>();

  /**
   * Reads one event of the stream.
   *
   * @throws Error saying which field is wrong; the caller counts such records
   */
  decode(json: string): Flow {
    return this.fromWire(JSON.parse(json) as WireFlow);
  }

  /** Reads a record that is parsed already, as {@link decode}. */
  fromWire(wire: WireFlow): Flow {
    const { trace, policies } = this.intern(wire.policies);
    const source = { name: endpointName('source_name', wire.source_name), namespace: absent(wire.source_namespace) };
    const dest = { name: endpointName('dest_name', wire.dest_name), namespace: absent(wire.dest_namespace) };
    const service = wire.dest_service ? `${wire.dest_service.namespace}/${wire.dest_service.name}` : '';
    const port = count('dest_port', wire.dest_port);
    const protocol = text('protocol', wire.protocol);
    return {
      id: text('id', wire.id),
      start: instant('start_time', wire.start_time),
      end: instant('end_time', wire.end_time),
      verdict: verdictOf('action', wire.action),
      pending: verdictOf('pending_action', wire.pending_action),
      reporter: reporterOf(wire.reporter),
      source,
      dest,
      service,
      protocol,
      port,
      packets: count('packets_in', wire.packets_in) + count('packets_out', wire.packets_out),
      bytes: count('bytes_in', wire.bytes_in) + count('bytes_out', wire.bytes_out),
      trace,
      haystack:
        `${source.namespace}/${source.name} ${dest.namespace}/${dest.name} ${service} ${protocol}:${port} ${trace.policyKeys.join(' ')}`.toLowerCase(),
      wire: { ...wire, policies },
    };
  }

  /** The shared trace, and the shared wire form of it: the duplicate just parsed becomes garbage. */
  private intern(recorded: WirePolicies | undefined): { trace: Trace; policies: WirePolicies } {
    const wire = recorded ?? { enforced: null, pending: null };
    const key = `${hitsKey(wire.enforced)}>>${hitsKey(wire.pending)}`;
    let trace = this.traces.get(key) as InternedTrace | undefined;
    if (!trace) {
      trace = { ...traceOf(wire), wire };
      this.traces.set(key, trace);
    }
    return { trace, policies: trace.wire };
  }
}

interface InternedTrace extends Trace {
  readonly wire: WirePolicies;
}

/** Reads the steps behind a verdict, of a record or of an explanation. */
export function traceOf(wire: WirePolicies): Trace {
  const enforced = hitsOf(wire.enforced);
  const pending = hitsOf(wire.pending);
  const policies = new Map([...enforced, ...pending].map((hit) => hit.trigger ?? hit).map((ref) => [policyKey(ref), refOnly(ref)]));
  const named = [...policies].filter(([, ref]) => ref.name !== '').map(([key]) => key);
  return { enforced, pending, policies: [...policies.values()], policyKeys: named };
}

function hitsKey(hits: readonly WireHit[] | null): string {
  let key = '';
  for (const hit of hits ?? []) {
    const trigger = hit.trigger ? policyKey(hit.trigger) : '';
    key += `${hit.policy_index} ${hit.tier} ${policyKey(hit)} ${hit.action} ${hit.rule_index} ${trigger};`;
  }
  return key;
}

function hitsOf(hits: readonly WireHit[] | null): readonly Hit[] {
  return (hits ?? []).map((hit) => ({
    kind: hit.kind,
    tier: hit.tier,
    namespace: absent(hit.namespace),
    name: hit.name,
    action: actionOf(hit.action),
    ruleIndex: hit.rule_index,
    trigger: hit.trigger ? refOf(hit.trigger) : null,
  }));
}

function refOnly({ kind, tier, namespace, name }: PolicyRef): PolicyRef {
  return { kind, tier, namespace, name };
}

function refOf(hit: WireHit): PolicyRef {
  return { kind: hit.kind, tier: hit.tier, namespace: absent(hit.namespace), name: hit.name };
}

function actionOf(value: string): ActionName {
  if (value === 'Allow' || value === 'Deny' || value === 'Pass' || value === 'Log') return value;
  throw new Error(`policies: action "${value}" is none of Allow, Deny, Pass, Log`);
}

function verdictOf(field: string, value: string): Verdict {
  if (value === 'Allow') return 'allow';
  if (value === 'Deny') return 'deny';
  if (value === 'Pass') return 'pass';
  throw new Error(`${field}: "${value}" is none of Allow, Deny, Pass`);
}

function reporterOf(value: string): 'src' | 'dst' {
  if (value === 'Src') return 'src';
  if (value === 'Dst') return 'dst';
  throw new Error(`reporter: "${value}" is neither Src nor Dst`);
}

function instant(field: string, value: string): number {
  const millis = Date.parse(value);
  if (Number.isNaN(millis)) throw new Error(`${field}: "${value}" is not a time`);
  return millis;
}

function text(field: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error(`${field}: missing`);
}

function count(field: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new Error(`${field}: "${String(value)}" is not a count`);
}

/** Networks are named in capitals, which the rest of the page keeps for nothing. */
function endpointName(field: string, value: unknown): string {
  const name = text(field, value);
  return name === 'PUBLIC NETWORK' || name === 'PRIVATE NETWORK' ? name.toLowerCase() : name;
}

/** Flow records write a hyphen for what is not there. */
function absent(value: string | null | undefined): string {
  return !value || value === '-' ? '' : value;
}
