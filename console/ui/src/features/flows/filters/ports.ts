/** How a filter names a port: `tcp:443`, `:443` for any protocol, `icmp` for any port of a protocol. */
export interface PortMatch {
  /** Empty for any. */
  readonly protocol: string;
  /** Null for any. */
  readonly port: number | null;
}

const FORM = /^([a-z0-9]*)(?::(\d{1,5}))?$/;
const MAX_PORT = 65_535;

/** Null for what is no port, so that a field can say so instead of filtering by nonsense. */
export function parsePort(text: string): PortMatch | null {
  const typed = text.trim().toLowerCase();
  // A number alone is a port; protocols that have only a number are rare enough to be picked from the list.
  const match = FORM.exec(/^\d+$/.test(typed) ? `:${typed}` : typed);
  if (!match || typed === '') return null;
  const port = match[2] === undefined ? null : Number(match[2]);
  if (port !== null && port > MAX_PORT) return null;
  return { protocol: match[1]!, port };
}

export function portText({ protocol, port }: PortMatch): string {
  return port === null ? protocol : `${protocol}:${port}`;
}

export function portPredicate(texts: readonly string[]): (protocol: string, port: number) => boolean {
  const wanted = texts.map(parsePort).filter((match) => match !== null);
  return (protocol, port) =>
    wanted.some((match) => (match.protocol === '' || match.protocol === protocol) && (match.port === null || match.port === port));
}
