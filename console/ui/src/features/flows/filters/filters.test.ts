import { describe, expect, it } from 'vitest';
import { flow, wireHit } from '../testing';
import { isFiltering, NO_FILTERS, predicate, toggled, type Filters } from './filters';

const denied = flow({
  id: 'denied',
  action: 'Deny',
  pending_action: 'Deny',
  source_namespace: 'web',
  policies: { enforced: [wireHit({ name: 'ledger', namespace: 'payments', action: 'Deny' })], pending: [] },
});
const staged = flow({
  id: 'staged',
  reporter: 'Src',
  pending_action: 'Deny',
  protocol: 'udp',
  dest_port: 53,
  policies: { enforced: [wireHit()], pending: [wireHit({ kind: 'StagedNetworkPolicy', name: 'lockdown', action: 'Deny' })] },
});
const outside = flow({ id: 'outside', dest_name: 'PUBLIC NETWORK', dest_namespace: '-', policies: { enforced: [], pending: [] } });

function matching(change: Partial<Filters>): string[] {
  return [denied, staged, outside].filter(predicate({ ...NO_FILTERS, ...change })).map(({ id }) => id);
}

describe('predicate', () => {
  it.each<[string, Partial<Filters>, string[]]>([
    ['nothing', {}, ['denied', 'staged', 'outside']],
    ['verdict', { verdict: 'deny' }, ['denied']],
    ['pending differs', { pending: 'differs' }, ['staged']],
    ['a staged verdict', { pending: 'deny' }, ['denied', 'staged']],
    ['reporter', { reporter: 'src' }, ['staged']],
    ['namespace of either end', { namespaces: ['web'] }, ['denied']],
    ['any of the namespaces', { namespaces: ['web', 'shop'] }, ['denied', 'staged', 'outside']],
    ['a source', { sources: ['web/storefront-*'] }, ['denied']],
    ['all of a namespace as the source', { sources: ['shop/'] }, ['staged', 'outside']],
    ['a destination without a namespace', { dests: ['public network'] }, ['outside']],
    ['a port with its protocol', { ports: ['udp:53'] }, ['staged']],
    ['a port of any protocol', { ports: [':7070'] }, ['denied', 'outside']],
    ['any port of a protocol', { ports: ['udp'] }, ['staged']],
    ['an enforced policy', { policies: ['CalicoNetworkPolicy/*/payments/ledger'] }, ['denied']],
    ['a pending policy', { policies: ['StagedNetworkPolicy/*/shop/lockdown'] }, ['staged']],
    ['one of several groups', { policies: ['*/*/payments/*', 'StagedNetworkPolicy/*/*/*'] }, ['denied', 'staged']],
    ['all parts of a group', { policies: ['StagedNetworkPolicy/default/payments/*'] }, []],
    ['fields together', { verdict: 'allow', namespaces: ['web'] }, []],
    ['a word in any case', { text: 'LEDGER' }, ['denied']],
    ['protocol and port', { text: 'udp:53' }, ['staged']],
    ['all words', { text: 'storefront public' }, ['outside']],
    ['a word that must not occur', { text: '-udp:53 -web' }, ['outside']],
    ['spaces and a lone hyphen', { text: '  -  ' }, ['denied', 'staged', 'outside']],
  ])('%s', (_, change, expected) => {
    expect(matching(change)).toEqual(expected);
  });
});

describe('isFiltering', () => {
  it('is false for the initial filters and blank text', () => {
    expect(isFiltering(NO_FILTERS)).toBe(false);
    expect(isFiltering({ ...NO_FILTERS, text: ' ' })).toBe(false);
  });

  it.each<Partial<Filters>>([{ verdict: 'allow' }, { pending: 'deny' }, { sources: ['a'] }, { ports: [':1'] }, { reporter: 'dst' }, { namespaces: ['a'] }, { policies: ['a'] }, { text: 'a' }])(
    'is true for %j',
    (change) => {
      expect(isFiltering({ ...NO_FILTERS, ...change })).toBe(true);
    },
  );
});

describe('toggled', () => {
  it('adds what is missing and removes what is there', () => {
    expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  });
});
