/** A page that the bar at the top leads to, and the key after `g` that does, too. */
export interface Page {
  readonly path: string;
  readonly key: string;
  readonly label: string;
  /** Reached from another page of the bar, which stands for it there. */
  readonly within?: string;
}

export const FLOW_PAGES: readonly Page[] = [
  // Not /flows: there, Whisker's clients get their JSON.
  { path: '/', key: 'f', label: 'Flows' },
  { path: '/graph', key: 'g', label: 'Graph' },
  { path: '/why', key: 'w', label: 'Why' },
  { path: '/policies', key: 'p', label: 'Policies' },
  { path: '/policies/unused', key: 'u', label: 'Unused policies', within: '/policies' },
  { path: '/compare', key: 'c', label: 'Compare' },
  { path: '/namespaces', key: 'n', label: 'Namespaces' },
  { path: '/nodes', key: 'h', label: 'Nodes' },
  { path: '/migrations', key: 'm', label: 'Migrations' },
];

/** Those of a gateway of agents. */
export const AGENT_PAGES: readonly Page[] = [
  { path: '/', key: 'c', label: 'Calls' },
  { path: '/agents', key: 'a', label: 'Agents' },
  { path: '/graph', key: 'g', label: 'Graph' },
  { path: '/policies', key: 'p', label: 'Policies' },
  { path: '/approvals', key: 'q', label: 'Approvals' },
  { path: '/halts', key: 'h', label: 'Halts' },
  { path: '/assessment', key: 's', label: 'Assessment' },
];

/** Pages of one thing belong to the list that they are reached from. */
const PARENTS: Readonly<Record<string, string>> = {
  '/sign-in': '/',
  '/policy': '/policies',
  '/policies/unused': '/policies',
  '/namespace': '/namespaces',
  '/endpoint': '/namespaces',
  '/trace': '/',
  '/agent': '/agents',
};

export function pageOf(path: string): string {
  return PARENTS[path] ?? path;
}

export function endpointHref(endpoint: { readonly namespace: string; readonly name: string }): string {
  return `/endpoint?name=${encodeURIComponent(endpoint.namespace === '' ? endpoint.name : `${endpoint.namespace}/${endpoint.name}`)}`;
}

export function namespaceHref(namespace: string): string {
  return `/namespace?name=${encodeURIComponent(namespace)}`;
}

/** @param key as `policyKey` writes it */
export function policyHref(key: string): string {
  return `/policy?key=${encodeURIComponent(key)}`;
}
