import type { Endpoint } from '../model/flow';

/**
 * How a filter names one side of a flow: `shop/` is everything in a namespace, `shop/cart-*` an endpoint
 * in it, and `public network` something that has no namespace.
 */
export interface PeerMatch {
  readonly namespace: string;
  /** Empty for everything in the namespace. */
  readonly name: string;
}

export function parsePeer(text: string): PeerMatch {
  const slash = text.indexOf('/');
  return slash < 0 ? { namespace: '', name: text } : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

export function peerText(endpoint: Endpoint): string {
  return endpoint.namespace === '' ? endpoint.name : `${endpoint.namespace}/${endpoint.name}`;
}

/** Compiles several matches, of which one must hold. */
export function peerPredicate(texts: readonly string[]): (endpoint: Endpoint) => boolean {
  const whole = new Set<string>();
  const single = new Set<string>();
  for (const text of texts) {
    const { namespace, name } = parsePeer(text);
    if (name === '') whole.add(namespace);
    else single.add(text);
  }
  return (endpoint) => (endpoint.namespace !== '' && whole.has(endpoint.namespace)) || single.has(peerText(endpoint));
}
