import { describe, expect, it } from 'vitest';
import { MissingShards } from './missingShards';

const lacking = (names: string) => new Headers({ 'Margay-Missing-Shards': names });
const whole = new Headers();

describe('MissingShards', () => {
  it('remembers what an answer lacks until the same question is answered as a whole', () => {
    const missing = new MissingShards();
    missing.note('/api/v1/flows/density?from=1', lacking('flows-2:7443,flows-1:7443'));
    missing.note('/api/v1/flows/graph', lacking('flows-1:7443'));
    expect(missing.getNames()).toEqual(['flows-1:7443', 'flows-2:7443']);
    missing.note('/api/v1/status', whole);
    missing.note('/api/v1/flows/density?from=2', whole);
    expect(missing.getNames()).toEqual(['flows-1:7443']);
    missing.note('/api/v1/flows/graph?level=workload', whole);
    expect(missing.getNames()).toEqual([]);
  });

  it('tells of changes only, and forgets with the page', () => {
    const missing = new MissingShards();
    let told = 0;
    missing.subscribe(() => told++);
    missing.note('/api/v1/flows/density', lacking('flows-1:7443'));
    missing.note('/api/v1/flows/density', lacking('flows-1:7443'));
    expect(told).toBe(1);
    missing.forget();
    expect(missing.getNames()).toEqual([]);
    expect(told).toBe(2);
  });
});
