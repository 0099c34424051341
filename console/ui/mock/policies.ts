/** The policies of the mock cluster: kind and name as flow records write them, and their YAML. */
export interface MockPolicy {
  readonly kind: string;
  readonly tier: string;
  readonly namespace: string;
  readonly name: string;
  readonly yaml: string;
}

export const TIERS = [
  { name: 'security', order: 100, default_action: 'Pass' },
  { name: 'platform', order: 200, default_action: 'Pass' },
  { name: 'default', order: 1_000_000, default_action: 'Deny' },
] as const;

export const POLICIES: readonly MockPolicy[] = [
  {
    kind: 'GlobalNetworkPolicy',
    tier: 'security',
    namespace: '',
    name: 'security.quarantine',
    yaml: `apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: security.quarantine
spec:
  tier: security
  order: 10
  selector: quarantine == 'true'
  types: [Ingress, Egress]
  ingress:
    - action: Deny
  egress:
    - action: Allow
      protocol: UDP
      destination:
        ports: [53]   # keep names resolvable while the incident is open
    - action: Deny
`,
  },
  {
    kind: 'GlobalNetworkPolicy',
    tier: 'platform',
    namespace: '',
    name: 'platform.dns-and-metrics',
    yaml: `apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: platform.dns-and-metrics
spec:
  tier: platform
  order: 100
  namespaceSelector: kubernetes.io/metadata.name != 'kube-system'
  types: [Ingress, Egress]
  ingress:
    - action: Allow
      protocol: TCP
      source:
        namespaceSelector: kubernetes.io/metadata.name == 'monitoring'
        selector: app == 'prometheus'
      destination:
        ports: [9090]
    - action: Pass
  egress:
    - action: Allow
      protocol: UDP
      destination:
        selector: k8s-app == 'kube-dns'
        ports: [53]
    - action: Pass
`,
  },
  {
    kind: 'NetworkPolicy',
    tier: 'default',
    namespace: 'shop',
    name: 'cart',
    yaml: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: cart
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: cart
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: storefront
        - podSelector:
            matchLabels:
              app: checkout
      ports:
        - protocol: TCP
          port: 7070
`,
  },
  {
    kind: 'CalicoNetworkPolicy',
    tier: 'default',
    namespace: 'payments',
    name: 'ledger',
    yaml: `apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: ledger
  namespace: payments
spec:
  tier: default
  order: 500
  selector: app == 'ledger'
  types:
    - Ingress
  ingress:
    - action: Deny
      protocol: TCP
      source:
        namespaceSelector: team != 'payments'
      destination:
        ports: [5432]
      metadata:
        annotations:
          why: only payments may reach the ledger
    - action: Allow
      protocol: TCP
      source:
        selector: app == 'payments-api'
      destination:
        ports: [5432]
`,
  },
  {
    kind: 'StagedNetworkPolicy',
    tier: 'default',
    namespace: 'shop',
    name: 'recommend-lockdown',
    yaml: `apiVersion: projectcalico.org/v3
kind: StagedNetworkPolicy
metadata:
  name: recommend-lockdown
  namespace: shop
spec:
  tier: default
  order: 200
  selector: app == 'recommend'
  types: [Ingress]
  ingress:
    - action: Allow
      protocol: TCP
      source:
        selector: app == 'catalog'
    - action: Deny
`,
  },
  {
    kind: 'CalicoNetworkPolicy',
    tier: 'default',
    namespace: 'shop',
    name: 'shop-internal',
    yaml: `apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: shop-internal
  namespace: shop
spec:
  tier: default
  order: 900
  selector: all()
  types: [Ingress]
  ingress:
    - action: Log
    - action: Allow
      source:
        namespaceSelector: kubernetes.io/metadata.name == 'shop'
`,
  },
];

/** What lets the pods of a namespace talk where no policy decides. */
export function namespaceProfile(name: string): MockPolicy {
  const yaml = `apiVersion: projectcalico.org/v3
kind: Profile
metadata:
  name: ${name}
spec:
  ingress:
    - action: Allow
  egress:
    - action: Allow
`;
  return { kind: 'Profile', tier: '', namespace: '', name, yaml };
}
