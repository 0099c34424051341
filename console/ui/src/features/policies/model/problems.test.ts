import { describe, expect, it } from 'vitest';
import { lineOfField } from './problems';

const YAML = `apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: cart
spec:
  order: 10
  ingress:
    - action: Allow
      source:
        nets: [10.0.0.0/8]
    - action: Deny
      destination:
        ports:
        - 80
        - x
`;

describe('lineOfField', () => {
  it.each([
    ['spec.order', 5],
    ['metadata.name', 3],
    ['spec.ingress[0].action', 7],
    ['spec.ingress[0].source.nets[0]', 9],
    ['spec.ingress[1]', 10],
    ['spec.ingress[1].destination.ports[1]', 14],
  ])('finds %s', (field, line) => {
    expect(lineOfField(YAML, field)).toBe(line);
  });

  it('takes the nearest line above what is missing', () => {
    expect(lineOfField(YAML, 'spec.ingress[1].source.nets')).toBe(10);
    expect(lineOfField(YAML, 'spec.selector')).toBe(4);
    expect(lineOfField(YAML, 'status')).toBeNull();
  });
});
