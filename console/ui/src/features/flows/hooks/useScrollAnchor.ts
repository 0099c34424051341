import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import type { Flow } from '../model/flow';
import type { FlowView } from '../store/FlowView';

interface AnchorOptions {
  readonly body: RefObject<HTMLElement | null>;
  readonly view: FlowView;
  readonly rows: readonly Flow[];
  readonly rowHeight: number;
  /** At the top of the list, let new rows push the others down. */
  readonly follow: boolean;
  /** To be told when this hook has scrolled. */
  readonly measure: () => void;
}

/**
 * Keeps the rows in sight where they are while others come in above them, unless the list follows.
 *
 * @returns how many rows have come in above the place where the reader left the top
 */
export function useScrollAnchor({ body, view, rows, rowHeight, follow, measure }: AnchorOptions): number {
  const anchor = useRef<{ flow: Flow; offset: number } | null>(null);
  const topWhenLeft = useRef<Flow | null>(null);
  const anchoredView = useRef(view);

  const remember = useCallback(() => {
    const element = body.current;
    if (!element) return;
    const index = Math.floor(element.scrollTop / rowHeight);
    const flow = rows[index];
    anchor.current = flow ? { flow, offset: element.scrollTop - index * rowHeight } : null;
    if (element.scrollTop < rowHeight / 2) topWhenLeft.current = null;
    else topWhenLeft.current ??= rows[0] ?? null;
  }, [body, rows, rowHeight]);

  useEffect(() => {
    const element = body.current;
    element?.addEventListener('scroll', remember, { passive: true });
    return () => element?.removeEventListener('scroll', remember);
  }, [body, remember]);

  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    if (anchoredView.current !== view) {
      // Other filters or another order: what was in sight means nothing any more.
      anchoredView.current = view;
      topWhenLeft.current = null;
      element.scrollTop = 0;
      measure();
    } else if (anchor.current && !(follow && element.scrollTop < rowHeight / 2)) {
      const index = view.indexOf(anchor.current.flow);
      const wanted = index * rowHeight + anchor.current.offset;
      if (index >= 0 && wanted !== element.scrollTop) {
        topWhenLeft.current ??= anchor.current.flow;
        element.scrollTop = wanted;
        measure();
      }
    }
    remember();
  }, [body, view, rowHeight, follow, measure, remember]);

  return topWhenLeft.current ? Math.max(0, view.indexOf(topWhenLeft.current)) : 0;
}
