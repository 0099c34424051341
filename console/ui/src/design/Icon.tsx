/** Line icons on a 16 × 16 grid, drawn for this page. */
const PATHS = {
  allow: 'M3.5 8.5 6.500 11.500 12.500 4.800',
  deny: 'M5.300 1.800h5.400L14.200 5.300v5.400l-3.500 3.500H5.300L1.800 10.700V5.300ZM5.600 5.600l4.800 4.800M10.400 5.600l-4.800 4.800',
  pass: 'M2.500 8h10M9 4.500 12.500 8 9 11.500',
  pending: 'M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800M8 4.600V8l2.300 1.600',
  search: 'M7 2.300a4.700 4.700 0 1 0 0 9.400 4.700 4.700 0 0 0 0-9.400M10.500 10.500l3.300 3.300',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  play: 'M5 3.300v9.400L12.500 8Z',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1.300v1.400M8 13.300v1.400M1.300 8h1.400M13.300 8h1.400M3.300 3.300l1 1M11.700 11.700l1 1M12.700 3.300l-1 1M4.300 11.700l-1 1',
  moon: 'M13.400 9.600A5.900 5.900 0 0 1 6.400 2.600a5.900 5.900 0 1 0 7 7Z',
  auto: 'M2 3h12v8.500H2ZM5.500 14h5M8 11.500V14',
  copy: 'M5.500 5.500V2.500h8v8h-3M2.500 5.500h8v8h-8Z',
  done: 'M3.500 8.500 6.500 11.500 12.500 4.800',
  close: 'M4 4l8 8M12 4l-8 8',
  chevron: 'M4.500 6.500 8 10l3.500-3.500',
  arrow: 'M3 8h9.500M9 4.500 12.500 8 9 11.500',
  up: 'M8 13V3.500M4.500 7 8 3.500 11.500 7',
  help: 'M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800M6.200 6.300c.1-1 .8-1.600 1.800-1.600s1.800.6 1.800 1.600c0 1.300-1.800 1.400-1.800 2.700M8 11.200v.1',
  plug: 'M5.500 2v3M10.500 2v3M3.500 5h9v2.500a4.500 4.500 0 0 1-9 0ZM8 12v2.500',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration only: the words beside it carry the meaning, or the button's label does. */
export function Icon({ name, size = 14 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false" style={{ flex: 'none' }}>
      <path d={PATHS[name]} fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
