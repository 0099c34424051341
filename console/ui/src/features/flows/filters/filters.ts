import { pendingDiffers, type Flow, type Reporter, type Verdict } from '../model/flow';
import { peerPredicate } from './peers';
import { policyPredicate } from './policies';
import { portPredicate } from './ports';

/** What staged policies would make of a flow. */
export type PendingFilter = 'any' | 'allow' | 'deny' | 'differs';

/** Which flows a page shows. Within a field any value matches; all fields must match. */
export interface Filters {
  readonly verdict: Verdict | 'any';
  readonly pending: PendingFilter;
  readonly reporter: Reporter | 'any';
  /** Of the source or the destination. */
  readonly namespaces: readonly string[];
  /** As in `peers.ts`. */
  readonly sources: readonly string[];
  readonly dests: readonly string[];
  /** As in `ports.ts`. */
  readonly ports: readonly string[];
  /** As in `policies.ts`; in the enforced or the pending trace. */
  readonly policies: readonly string[];
  /** Words that must all occur; a word with a leading hyphen must not. */
  readonly text: string;
}

export const NO_FILTERS: Filters = {
  verdict: 'any',
  pending: 'any',
  reporter: 'any',
  namespaces: [],
  sources: [],
  dests: [],
  ports: [],
  policies: [],
  text: '',
};

/** The fields that hold lists of values. */
export const LIST_FIELDS = ['namespaces', 'sources', 'dests', 'ports', 'policies'] as const;

export function isFiltering(filters: Filters): boolean {
  return (
    filters.verdict !== 'any' ||
    filters.pending !== 'any' ||
    filters.reporter !== 'any' ||
    LIST_FIELDS.some((field) => filters[field].length > 0) ||
    filters.text.trim() !== ''
  );
}

/** Compiles the filters into one predicate, so that a hundred thousand flows are tested in some milliseconds. */
export function predicate(filters: Filters): (flow: Flow) => boolean {
  const tests: ((flow: Flow) => boolean)[] = [];
  if (filters.verdict !== 'any') tests.push((flow) => flow.verdict === filters.verdict);
  if (filters.pending === 'differs') tests.push(pendingDiffers);
  else if (filters.pending !== 'any') tests.push((flow) => flow.pending === filters.pending);
  if (filters.reporter !== 'any') tests.push((flow) => flow.reporter === filters.reporter);
  if (filters.namespaces.length > 0) {
    const wanted = new Set(filters.namespaces);
    tests.push((flow) => wanted.has(flow.source.namespace) || wanted.has(flow.dest.namespace));
  }
  if (filters.sources.length > 0) {
    const matches = peerPredicate(filters.sources);
    tests.push((flow) => matches(flow.source));
  }
  if (filters.dests.length > 0) {
    const matches = peerPredicate(filters.dests);
    tests.push((flow) => matches(flow.dest));
  }
  if (filters.ports.length > 0) {
    const matches = portPredicate(filters.ports);
    tests.push((flow) => matches(flow.protocol, flow.port));
  }
  if (filters.policies.length > 0) {
    const matches = policyPredicate(filters.policies);
    tests.push((flow) => matches(flow.trace));
  }
  tests.push(...wordTests(filters.text));
  return (flow) => tests.every((test) => test(flow));
}

function wordTests(text: string): ((flow: Flow) => boolean)[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      if (!word.startsWith('-') || word.length === 1) return (flow: Flow) => flow.haystack.includes(word);
      const unwanted = word.slice(1);
      return (flow: Flow) => !flow.haystack.includes(unwanted);
    });
}

/** The list with the value added, or removed if it was there. */
export function toggled(values: readonly string[], value: string): readonly string[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}
