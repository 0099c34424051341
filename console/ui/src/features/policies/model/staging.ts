import type { Policy, PolicyName } from '../api';

/** The kinds that a staged kind becomes when it is enforced, as flow records name them. */
const ENFORCED: Readonly<Record<string, string>> = {
  StagedNetworkPolicy: 'CalicoNetworkPolicy',
  StagedGlobalNetworkPolicy: 'GlobalNetworkPolicy',
  StagedKubernetesNetworkPolicy: 'NetworkPolicy',
};

export function isStagedKind(kind: string): boolean {
  return kind in ENFORCED;
}

/** Kinds of which a copy can be staged. */
export function canBeStaged(kind: string): boolean {
  return Object.values(ENFORCED).includes(kind);
}

/** The enforced policy that a staged one stands for. */
export function enforcedName(staged: PolicyName): PolicyName {
  return { ...staged, kind: ENFORCED[staged.kind] ?? staged.kind };
}

export function stagedName(enforced: PolicyName): PolicyName {
  const kind = Object.keys(ENFORCED).find((staged) => ENFORCED[staged] === enforced.kind);
  return { ...enforced, kind: kind ?? enforced.kind };
}

/** The change that enforcing a staged policy would be, for a preview of its effect. */
export function changeOfEnforcing(staged: Policy): { readonly yaml: string } | { readonly delete: PolicyName } {
  if (/^\s+stagedAction:\s*["']?Delete["']?\s*$/m.test(staged.yaml)) return { delete: nameOf(enforcedName(staged)) };
  let yaml = staged.yaml.replace(/^kind:\s*Staged(\w+)\s*$/m, (_, kind: string) => `kind: ${kind === 'KubernetesNetworkPolicy' ? 'NetworkPolicy' : kind}`);
  if (staged.kind === 'StagedKubernetesNetworkPolicy') yaml = yaml.replace(/^apiVersion:.*$/m, 'apiVersion: networking.k8s.io/v1');
  return { yaml: yaml.replace(/^\s+stagedAction:.*\n/m, '') };
}

function nameOf({ kind, namespace, name }: PolicyName): PolicyName {
  return { kind, namespace, name };
}

/** The kind that a text gives, for as long as it is not valid enough for the server to tell. */
export function kindInText(yaml: string): string {
  return /^kind:\s*["']?(\w+)/m.exec(yaml)?.[1] ?? '';
}

/** What a new policy begins with: nothing may reach the pods until rules are added. */
export const NEW_POLICY = `apiVersion: projectcalico.org/v3
kind: StagedNetworkPolicy
metadata:
  name: my-policy
  namespace: default
spec:
  tier: default
  order: 1000
  selector: app == 'my-app'
  types: [Ingress]
  ingress:
    - action: Allow
      protocol: TCP
      source:
        selector: app == 'my-client'
      destination:
        ports: [8080]
`;
