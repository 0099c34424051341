import { useCallback } from 'react';
import { navigate, usePlace } from '../../app/router';
import { formatRange, parseRange, type Range } from '../flows/filters/range';

/** The state of a page about one thing: its name and the time, both in the address. */
export function useNamedPlace() {
  const { path, query } = usePlace();
  const params = new URLSearchParams(query);
  const name = params.get('name') ?? '';
  const setRange = useCallback(
    (range: Range) => {
      const next = new URLSearchParams({ name });
      if (formatRange(range) !== '') next.set('range', formatRange(range));
      navigate(`${path}?${next}`, 'replace');
    },
    [path, name],
  );
  return { name, range: parseRange(params.get('range')), setRange } as const;
}
