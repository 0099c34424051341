import { useEffect, useState } from 'react';
import { preview, validate, type Preview, type Validation } from '../api';

const SETTLE_MILLIS = 350;

export interface Checked {
  /** Null while the text is being checked. */
  readonly validation: Validation | null;
  /** Of the last valid text; null before the first. */
  readonly preview: Preview | null;
  /** Why the text could not be checked, or its effect not be told; else empty. */
  readonly problem: string;
}

const NOT_YET: Checked = { validation: null, preview: null, problem: '' };

/** Asks the server about a text once the typing pauses: whether it is valid, and what it would do. */
export function useChecked(yaml: string): Checked {
  const [checked, setChecked] = useState<Checked>(NOT_YET);
  useEffect(() => {
    const abort = new AbortController();
    setChecked((last) => ({ ...last, validation: null }));
    const timer = setTimeout(() => {
      check(yaml, abort.signal).then(
        (next) => setChecked((last) => ({ ...last, ...next })),
        (problem: unknown) => {
          if (!abort.signal.aborted) setChecked((last) => ({ ...last, problem: problem instanceof Error ? problem.message : String(problem) }));
        },
      );
    }, SETTLE_MILLIS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [yaml]);
  return checked;
}

async function check(yaml: string, signal: AbortSignal): Promise<Partial<Checked>> {
  const validation = await validate(yaml, signal);
  if (!validation.valid) return { validation, problem: '' };
  try {
    return { validation, preview: await preview({ yaml }, signal), problem: '' };
  } catch (refused) {
    if (signal.aborted) throw refused;
    // A tier is valid, but has no effect of its own to show.
    return { validation, preview: null, problem: refused instanceof Error ? refused.message : String(refused) };
  }
}
