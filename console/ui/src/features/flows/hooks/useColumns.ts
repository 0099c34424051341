import { useCallback, useState } from 'react';
import { parseColumns, type ColumnId } from '../model/columns';

const KEY = 'margay.flows.columns';

/** The reader's choice of columns, kept in the browser. */
export function useColumns() {
  const [columns, setColumns] = useState(() => parseColumns(read()));
  const choose = useCallback((next: readonly ColumnId[]) => {
    setColumns(next);
    try {
      localStorage.setItem(KEY, next.join(','));
    } catch {
      // Storage is switched off: the choice holds until the page is left.
    }
  }, []);
  return [columns, choose] as const;
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
