import { describe, expect, it } from 'vitest';
import { COLUMNS, fitting, moved, parseColumns, tracksOf, USUAL_COLUMNS, WHISKER_COLUMNS } from './columns';

describe('columns', () => {
  it('leave out what is unknown, and fall back to the usual ones', () => {
    expect(parseColumns('bytes,colour,time,bytes')).toEqual(['bytes', 'time']);
    expect(parseColumns(null)).toEqual(USUAL_COLUMNS);
    expect(parseColumns('colour')).toEqual(USUAL_COLUMNS);
  });

  it('all fit into a wide window, and give way by rank in a narrow one', () => {
    const ids = (width: number) => fitting(USUAL_COLUMNS, width).map((column) => column.id);
    expect(ids(2_000)).toEqual(USUAL_COLUMNS);
    expect(ids(800)).toEqual(['time', 'verdict', 'source', 'dest', 'port', 'reporter', 'policy']);
    expect(ids(10)).toEqual(['verdict']);
  });

  it('move by a step, and no further than the ends', () => {
    expect(moved(['time', 'verdict', 'source'], 'source', -1)).toEqual(['time', 'source', 'verdict']);
    expect(moved(['time', 'verdict'], 'time', -1)).toEqual(['time', 'verdict']);
    expect(moved(['time', 'verdict'], 'bytes', 1)).toEqual(['time', 'verdict']);
  });

  it('take what is left over by their share', () => {
    expect(tracksOf(fitting(['time', 'source'], 1_000))).toBe('78px minmax(130px, 1.1fr)');
  });

  it('know each column that Whisker shows', () => {
    expect(WHISKER_COLUMNS.every((id) => COLUMNS.some((column) => column.id === id))).toBe(true);
  });
});
