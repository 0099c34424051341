import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from 'react';

/** The part of the address that the page reads. */
export interface Place {
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
}

const listeners = new Set<() => void>();
let place: Place = read();

function read(): Place {
  return { path: location.pathname, query: location.search };
}

function changed(): void {
  place = read();
  listeners.forEach((listener) => listener());
}

window.addEventListener('popstate', changed);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where the page is; renders again when that changes. */
export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => place);
}

export function currentPlace(): Place {
  return place;
}

/** Goes to another address of this page; `replace` makes no entry in the history. */
export function navigate(to: string, how: 'push' | 'replace' = 'push'): void {
  const target = new URL(to, location.href);
  const address = target.pathname + target.search;
  if (address === location.pathname + location.search) return;
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', address);
  changed();
}

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly href: string;
}

/** A link within the page; a modified click does what the browser does with links. */
export function Link({ href, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
