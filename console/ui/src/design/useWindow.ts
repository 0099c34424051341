import { useCallback, useLayoutEffect, useState, type RefObject } from 'react';

/** Rows drawn above and below what is in sight, so that a fast scroll shows no blank. */
const OVERSCAN = 8;

interface Viewport {
  readonly scrollTop: number;
  readonly height: number;
}

/**
 * Which rows of a long list to draw: only those in sight and a few more, whatever its length.
 *
 * @param element the scrolling element
 * @param rowHeight in pixels, the same for all rows
 * @returns the range `[first, end)` and a function to call after changing `scrollTop` by hand
 */
export function useWindow(element: RefObject<HTMLElement | null>, rowHeight: number, count: number) {
  const [viewport, setViewport] = useState<Viewport>({ scrollTop: 0, height: 0 });

  const measure = useCallback(() => {
    const target = element.current;
    if (!target) return;
    const next = { scrollTop: target.scrollTop, height: target.clientHeight };
    setViewport((last) => (last.scrollTop === next.scrollTop && last.height === next.height ? last : next));
  }, [element]);

  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    target.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      target.removeEventListener('scroll', measure);
    };
  }, [element, measure]);

  const first = Math.max(0, Math.floor(viewport.scrollTop / rowHeight) - OVERSCAN);
  const end = Math.min(count, Math.ceil((viewport.scrollTop + viewport.height) / rowHeight) + OVERSCAN);
  return { first: Math.min(first, end), end, measure };
}
