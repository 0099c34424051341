import { Badge } from '../../design/Badge';
import type { Verdict } from './api';
import { VERDICT_TONES, VERDICT_WORDS } from './words';

/** A verdict, and the one that staged policies would give if it is another. */
export function Said({ verdict, pending }: { readonly verdict: Verdict; readonly pending?: Verdict }) {
  return (
    <>
      <Badge tone={VERDICT_TONES[verdict]}>{VERDICT_WORDS[verdict]}</Badge>
      {pending !== undefined && pending !== verdict && (
        <>
          {' '}
          <Badge tone="pending" title="If the staged policies were enforced">
            {VERDICT_WORDS[pending]}?
          </Badge>
        </>
      )}
    </>
  );
}
