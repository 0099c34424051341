import { describe, expect, it } from 'vitest';
import { NO_FILTERS, type Filters } from './filters';
import { serverFilter } from './server';

function asked(change: Partial<Filters>): { filter: unknown; exact: boolean } {
  const { json, exact } = serverFilter({ ...NO_FILTERS, ...change });
  return { filter: json === '' ? null : JSON.parse(json), exact };
}

const exactly = (...values: string[]) => values.map((value) => ({ value, type: 'Exact' }));

describe('serverFilter', () => {
  it.each<[string, Partial<Filters>, unknown]>([
    ['nothing', {}, null],
    ['the verdict', { verdict: 'deny' }, { actions: ['Deny'] }],
    ['what staged policies would change', { pending: 'differs' }, { pending_differs: true }],
    ['the reporter', { reporter: 'src' }, { reporter: 'Src' }],
    ['namespaces of either end', { namespaces: ['shop', 'web'] }, { namespaces: exactly('shop', 'web') }],
    ['one source', { sources: ['shop/cart-*'] }, { source_namespaces: exactly('shop'), source_names: exactly('cart-*') }],
    ['whole namespaces', { dests: ['shop/', 'web/'] }, { dest_namespaces: exactly('shop', 'web') }],
    ['a network', { dests: ['public network'] }, { dest_namespaces: exactly('Global'), dest_names: exactly('PUBLIC NETWORK') }],
    ['a port', { ports: ['tcp:443'] }, { protocols: exactly('tcp'), dest_ports: [{ value: 443 }] }],
    ['ports of one protocol', { ports: ['tcp:443', 'tcp:80'] }, { protocols: exactly('tcp'), dest_ports: [{ value: 443 }, { value: 80 }] }],
    ['groups of policies', { policies: ['*/platform/*/*', 'CalicoNetworkPolicy/*/shop/cart'] }, { policies: [{ tier: 'platform' }, { kind: 'CalicoNetworkPolicy', namespace: 'shop', name: 'cart' }] }],
  ])('asks exactly for %s', (_, change, filter) => {
    expect(asked(change)).toEqual({ filter, exact: true });
  });

  it.each<[string, Partial<Filters>, unknown]>([
    ['names of several namespaces', { sources: ['shop/a', 'web/b'] }, { source_namespaces: exactly('shop', 'web'), source_names: exactly('a', 'b') }],
    ['a name beside a whole namespace', { sources: ['shop/a', 'web/'] }, { source_namespaces: exactly('shop', 'web') }],
    ['ports of several protocols', { ports: ['tcp:443', 'udp:53'] }, { protocols: exactly('tcp', 'udp'), dest_ports: [{ value: 443 }, { value: 53 }] }],
    ['a port of any protocol beside another', { ports: [':80', 'udp'] }, null],
    ['a text', { text: 'cart' }, null],
    ['a staged verdict', { pending: 'deny' }, { pending_actions: ['Deny'] }],
  ])('says that it asks too widely for %s', (_, change, filter) => {
    expect(asked(change)).toEqual({ filter, exact: false });
  });
});
