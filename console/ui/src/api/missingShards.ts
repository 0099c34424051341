import { useSyncExternalStore } from 'react';

/** The server names here, with commas between, whose part an answer lacks. */
const HEADER = 'Margay-Missing-Shards';

/**
 * The processes that share the flows and whose part the page lacks. An answer knows of its own question
 * only, so what one lacked is remembered until the same is asked again, or the page is left.
 */
export class MissingShards {
  private readonly byQuestion = new Map<string, readonly string[]>();
  private readonly listeners = new Set<() => void>();
  private names: readonly string[] = [];

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getNames = (): readonly string[] => this.names;

  /** @param path what was asked; other parameters make it no other question */
  note(path: string, headers: Headers): void {
    const question = path.split('?', 1)[0]!;
    const lacking = headers.get(HEADER)?.split(',') ?? [];
    if (lacking.length > 0) this.byQuestion.set(question, lacking);
    else if (!this.byQuestion.delete(question)) return;
    this.publish();
  }

  forget(): void {
    this.byQuestion.clear();
    this.publish();
  }

  private publish(): void {
    const names = [...new Set([...this.byQuestion.values()].flat())].sort();
    if (names.join() === this.names.join()) return;
    this.names = names;
    this.listeners.forEach((listener) => listener());
  }
}

/** Of the page that is shown. */
export const missingShards = new MissingShards();

/** Their names, sorted. */
export function useMissingShards(): readonly string[] {
  return useSyncExternalStore(missingShards.subscribe, missingShards.getNames);
}
