import { expect, it } from 'vitest';
import { flow } from '../flows/testing';
import { findCounterpart } from './counterpart';

const time = (minute: number) => ({ start_time: `2026-11-21T10:${String(minute).padStart(2, '0')}:00Z` });
const seen = flow({ id: 'dst', reporter: 'Dst', ...time(10) });

it('finds the other end of the same connection, nearest in time', () => {
  const candidates = [
    seen,
    flow({ id: 'far', reporter: 'Src', ...time(2) }),
    flow({ id: 'near', reporter: 'Src', ...time(9) }),
    flow({ id: 'other-port', reporter: 'Src', dest_port: 1, ...time(10) }),
    flow({ id: 'other-dest', reporter: 'Src', dest_name: 'x', ...time(10) }),
    flow({ id: 'same-reporter', reporter: 'Dst', ...time(10) }),
  ];
  expect(findCounterpart(seen, candidates)?.id).toBe('near');
  expect(findCounterpart(seen, [seen])).toBeNull();
});
