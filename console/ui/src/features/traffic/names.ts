/** Names as flow records write them, in the form in which the page shows and filters them. */
export function displayName(namespace: string, name: string): { readonly namespace: string; readonly name: string } {
  const isNetwork = name === 'PUBLIC NETWORK' || name === 'PRIVATE NETWORK';
  return { namespace: namespace === '-' ? '' : namespace, name: isNetwork ? name.toLowerCase() : name };
}

/** `tcp:443`; protocols without ports by their name alone. */
export function portLabel(protocol: string, port: number): string {
  return port > 0 ? `${protocol}:${port}` : protocol;
}
