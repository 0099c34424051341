import { describe, expect, it } from 'vitest';
import type { Policy } from '../api';
import { canBeStaged, changeOfEnforcing, enforcedName, stagedName } from './staging';

function staged(kind: string, yaml: string): Policy {
  return { kind, api_version: '', namespace: 'shop', name: 'cart', tier: 'default', staged: true, yaml, resource_version: '7', editable: true, rules: { ingress: [], egress: [] } };
}

describe('staging', () => {
  it('knows what becomes of each kind', () => {
    expect(enforcedName({ kind: 'StagedNetworkPolicy', namespace: 'shop', name: 'cart' }).kind).toBe('CalicoNetworkPolicy');
    expect(stagedName({ kind: 'NetworkPolicy', namespace: 'shop', name: 'cart' }).kind).toBe('StagedKubernetesNetworkPolicy');
    expect(canBeStaged('ClusterNetworkPolicy')).toBe(false);
  });

  it('writes the policy that would be enforced', () => {
    const yaml = 'apiVersion: projectcalico.org/v3\nkind: StagedNetworkPolicy\nmetadata:\n  name: cart\nspec:\n  stagedAction: Set\n  order: 1\n';
    expect(changeOfEnforcing(staged('StagedNetworkPolicy', yaml))).toEqual({
      yaml: 'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata:\n  name: cart\nspec:\n  order: 1\n',
    });
    const kubernetes = 'apiVersion: projectcalico.org/v3\nkind: StagedKubernetesNetworkPolicy\nmetadata:\n  name: cart\n';
    expect(changeOfEnforcing(staged('StagedKubernetesNetworkPolicy', kubernetes))).toEqual({
      yaml: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: cart\n',
    });
  });

  it('takes a staged deletion for one', () => {
    const yaml = 'kind: StagedNetworkPolicy\nspec:\n  stagedAction: Delete\n';
    expect(changeOfEnforcing(staged('StagedNetworkPolicy', yaml))).toEqual({ delete: { kind: 'CalicoNetworkPolicy', namespace: 'shop', name: 'cart' } });
  });
});
