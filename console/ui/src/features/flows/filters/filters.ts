import { pendingDiffers, type Flow, type Reporter, type Verdict } from '../model/flow';

/** Which flows the list shows. Within a field any value matches; all fields must match. */
export interface Filters {
  readonly verdict: Verdict | 'any';
  /** Only flows whose pending verdict is another one. */
  readonly differs: boolean;
  readonly reporter: Reporter | 'any';
  /** Of the source or the destination. */
  readonly namespaces: readonly string[];
  /** Keys of policies, see `policyKey`: in the enforced or the pending trace. */
  readonly policies: readonly string[];
  /** Words that must all occur; a word with a leading hyphen must not. */
  readonly text: string;
}

export const NO_FILTERS: Filters = {
  verdict: 'any',
  differs: false,
  reporter: 'any',
  namespaces: [],
  policies: [],
  text: '',
};

export function isFiltering(filters: Filters): boolean {
  return (
    filters.verdict !== 'any' ||
    filters.differs ||
    filters.reporter !== 'any' ||
    filters.namespaces.length > 0 ||
    filters.policies.length > 0 ||
    filters.text.trim() !== ''
  );
}

/** Compiles the filters into one predicate, so that a hundred thousand flows are tested in some milliseconds. */
export function predicate(filters: Filters): (flow: Flow) => boolean {
  const tests: ((flow: Flow) => boolean)[] = [];
  if (filters.verdict !== 'any') tests.push((flow) => flow.verdict === filters.verdict);
  if (filters.differs) tests.push(pendingDiffers);
  if (filters.reporter !== 'any') tests.push((flow) => flow.reporter === filters.reporter);
  if (filters.namespaces.length > 0) {
    const wanted = new Set(filters.namespaces);
    tests.push((flow) => wanted.has(flow.source.namespace) || wanted.has(flow.dest.namespace));
  }
  if (filters.policies.length > 0) {
    const wanted = new Set(filters.policies);
    tests.push((flow) => flow.trace.policyKeys.some((key) => wanted.has(key)));
  }
  for (const word of filters.text.toLowerCase().split(/\s+/).filter(Boolean)) {
    if (word.startsWith('-') && word.length > 1) {
      const unwanted = word.slice(1);
      tests.push((flow) => !flow.haystack.includes(unwanted));
    } else {
      tests.push((flow) => flow.haystack.includes(word));
    }
  }
  return (flow) => tests.every((test) => test(flow));
}

/** The list with the value added, or removed if it was there. */
export function toggled(values: readonly string[], value: string): readonly string[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}
