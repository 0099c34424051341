import { describe, expect, it } from 'vitest';
import { wireFlow, wireHit } from '../testing';
import { FlowDecoder } from './decode';

function decode(change: object) {
  return new FlowDecoder().decode(JSON.stringify({ ...wireFlow(), ...change }));
}

describe('FlowDecoder', () => {
  it('reads the fields of a record', () => {
    const service = { name: 'cart', namespace: 'shop', port_name: 'grpc', port: 7070 };
    const read = decode({ action: 'Allow', pending_action: 'Deny', reporter: 'Src', dest_service: service });
    expect(read).toMatchObject({
      id: '1-1763720400',
      verdict: 'allow',
      pending: 'deny',
      reporter: 'src',
      source: { namespace: 'shop', name: 'storefront-*' },
      service: 'shop/cart',
      port: 7070,
      packets: 22,
      bytes: 12_164,
    });
    expect(read.end - read.start).toBe(15_000);
  });

  it('takes a hyphen for no namespace, and networks in small letters', () => {
    const { dest, service } = decode({ dest_name: 'PUBLIC NETWORK', dest_namespace: '-' });
    expect(dest).toEqual({ name: 'public network', namespace: '' });
    expect(service).toBe('');
  });

  it('reads a null list of hits as empty', () => {
    expect(decode({ policies: { enforced: null, pending: null } }).trace).toMatchObject({ enforced: [], pending: [], policyKeys: [] });
  });

  it('names the policies of both traces, and the trigger of an end of tier', () => {
    const trigger = wireHit({ kind: 'NetworkPolicy', name: 'web' });
    const end = wireHit({ kind: 'EndOfTier', name: '', namespace: '', action: 'Deny', rule_index: -1, trigger });
    const staged = wireHit({ kind: 'StagedGlobalNetworkPolicy', name: 'lockdown', namespace: '' });
    const { trace } = decode({ policies: { enforced: [end], pending: [staged] } });
    expect(trace.policyKeys).toEqual(['NetworkPolicy:shop/web', 'StagedGlobalNetworkPolicy:lockdown']);
    expect(trace.enforced[0]!.trigger).toEqual({ kind: 'NetworkPolicy', tier: 'default', namespace: 'shop', name: 'web' });
  });

  it('keeps one object for equal traces', () => {
    const decoder = new FlowDecoder();
    const first = decoder.decode(JSON.stringify(wireFlow()));
    const same = decoder.decode(JSON.stringify(wireFlow({ id: '2-1' })));
    const other = decoder.decode(JSON.stringify(wireFlow({ policies: { enforced: [wireHit({ rule_index: 1 })], pending: [] } })));
    expect(same.trace).toBe(first.trace);
    expect(same.wire.policies).toBe(first.wire.policies);
    expect(other.trace).not.toBe(first.trace);
  });

  it.each([
    [{ action: 'Maybe' }, 'action: "Maybe"'],
    [{ start_time: 'soon' }, 'start_time: "soon"'],
    [{ reporter: 'Both' }, 'reporter: "Both"'],
    [{ dest_port: -1 }, 'dest_port: "-1"'],
    [{ source_name: null }, 'source_name: missing'],
    [{ policies: { enforced: [wireHit({ action: 'Drop' })], pending: [] } }, 'action "Drop"'],
  ])('refuses %j', (change, message) => {
    expect(() => decode(change)).toThrow(message);
  });
});
