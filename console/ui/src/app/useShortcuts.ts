import { useEffect, useState } from 'react';

/** What to do for a key, named as in `KeyboardEvent.key`, or for two after each other: `g f`. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** An element with `data-scrolls` keeps these keys while the focus is in it. */
const SCROLL_KEYS: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End']);

/** How long the first key of a pair waits for the second. */
const PAIR_MILLIS = 1_200;

/** The shortcuts in force, the youngest last: a dialog's go before its page's. */
const layers: { shortcuts: Shortcuts }[] = [];
let pending: { readonly key: string; readonly at: number } | null = null;

/**
 * Keys that work wherever the focus is, except while typing, with a modifier, or below an open dialog.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const [layer] = useState({ shortcuts });
  useEffect(() => {
    layer.shortcuts = shortcuts;
  });
  useEffect(() => {
    layers.push(layer);
    if (layers.length === 1) window.addEventListener('keydown', onKeyDown);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      if (layers.length === 0) window.removeEventListener('keydown', onKeyDown);
    };
  }, [layer]);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
  const first = pending !== null && event.timeStamp - pending.at < PAIR_MILLIS ? pending.key : null;
  pending = null;
  const name = first === null ? event.key : `${first} ${event.key}`;
  const action = layers.findLast((layer) => name in layer.shortcuts)?.shortcuts[name];
  if (!action) {
    const startsPair = layers.some((layer) => Object.keys(layer.shortcuts).some((other) => other.startsWith(`${event.key} `)));
    if (first === null && startsPair) pending = { key: event.key, at: event.timeStamp };
    return;
  }
  if (belongsToFocus(event)) return;
  event.preventDefault();
  action(event);
}

function belongsToFocus(event: KeyboardEvent): boolean {
  if (!(event.target instanceof Element)) return false;
  if (SCROLL_KEYS.has(event.key)) return event.target.closest('[data-scrolls]') !== null;
  // Enter on a button is the button's.
  return event.key === 'Enter' && event.target.closest('button, a, summary') !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
