import { FlowDecoder } from './api/decode';
import type { Flow } from './model/flow';
import type { WireFlow, WireHit } from './model/wire';

/** A hit for tests; the defaults are a rule of a policy in the default tier. */
export function wireHit(change: Partial<WireHit> = {}): WireHit {
  return {
    kind: 'CalicoNetworkPolicy',
    name: 'cart',
    namespace: 'shop',
    tier: 'default',
    action: 'Allow',
    policy_index: 0,
    rule_index: 0,
    trigger: null,
    ...change,
  };
}

export function wireFlow(change: Partial<WireFlow> = {}): WireFlow {
  return {
    id: '1-1763720400',
    start_time: '2026-11-21T10:20:00Z',
    end_time: '2026-11-21T10:20:15Z',
    action: 'Allow',
    pending_action: 'Allow',
    source_name: 'storefront-*',
    source_namespace: 'shop',
    source_type: 'WorkloadEndpoint',
    source_labels: 'app=storefront',
    dest_name: 'cart-*',
    dest_namespace: 'shop',
    dest_type: 'WorkloadEndpoint',
    dest_labels: 'app=cart',
    dest_service: null,
    protocol: 'tcp',
    dest_port: 7070,
    reporter: 'Dst',
    policies: { enforced: [wireHit()], pending: [wireHit()] },
    logs: [],
    packets_in: 12,
    packets_out: 10,
    bytes_in: 3120,
    bytes_out: 9044,
    connections_started: 2,
    connections_completed: 1,
    connections_live: 1,
    ...change,
  };
}

/** A decoded flow for tests. */
export function flow(change: Partial<WireFlow> = {}): Flow {
  return new FlowDecoder().decode(JSON.stringify(wireFlow(change)));
}
