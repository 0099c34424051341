import { useEffect, useState } from 'react';
import { Button } from './Button';

const DONE_MILLIS = 1_500;

/** Puts a text on the clipboard, and says so for a moment. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), DONE_MILLIS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => {
    writeClipboard(text).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    );
  };
  return (
    <Button quiet icon={outcome === 'copied' ? 'done' : 'copy'} onClick={copy} title={label} aria-label={label}>
      <span aria-live="polite">{outcome === null ? 'Copy' : outcome === 'copied' ? 'Copied' : 'Not allowed'}</span>
    </Button>
  );
}

/** The clipboard exists only on HTTPS and loopback pages. */
async function writeClipboard(text: string): Promise<void> {
  if (!navigator.clipboard) throw new Error('no clipboard on this page');
  await navigator.clipboard.writeText(text);
}
