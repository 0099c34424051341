import { describe, expect, it } from 'vitest';
import { locateRule } from './locateRule';

const YAML = `apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: cart
spec:
  selector: app == 'cart'
  ingress:
    - action: Deny
      source:
        nets:
          - 10.0.0.0/8

    - action: Allow
  egress:
  - action: Pass
  - to:
    - podSelector: {}
    ports:
    - port: 53
  types:
  - Ingress
`;

describe('locateRule', () => {
  it.each([
    ['ingress', 0, { first: 7, last: 10 }],
    ['ingress', 1, { first: 12, last: 12 }],
    ['ingress', 2, null],
    ['egress', 0, { first: 14, last: 14 }],
    ['egress', 1, { first: 15, last: 18 }],
    ['egress', 2, null],
    ['egress', -1, null],
  ] as const)('%s rule %i', (direction, index, expected) => {
    expect(locateRule(YAML, direction, index)).toEqual(expected);
  });

  it('finds nothing in a policy without rules', () => {
    expect(locateRule('kind: Profile\n', 'ingress', 0)).toBeNull();
    expect(locateRule('spec:\n  ingress: []\n', 'ingress', 0)).toBeNull();
  });
});
