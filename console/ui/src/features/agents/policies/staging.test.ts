import { describe, expect, it } from 'vitest';
import type { AgentPolicy, PolicyText } from './api';
import { stagedText, wrongLines } from './staging';

const POLICY: AgentPolicy = { name: 'reads', tier: 'work', cedar: 'old', staged: false, replaces: '', resource_version: '7', problems: [] };
const EDITED: PolicyText = { name: 'reads', tier: 'work', cedar: 'new', staged: false, replaces: '', resource_version: '7' };

describe('stagedText', () => {
  it('puts an edit of an enforced policy beside it', () =>
    expect(stagedText(POLICY, [POLICY], EDITED)).toEqual({ ...EDITED, name: 'reads-staged', staged: true, replaces: 'reads', resource_version: '' }));
  it('replaces an earlier try', () =>
    expect(stagedText(POLICY, [POLICY, { ...POLICY, name: 'reads-staged', resource_version: '9' }], EDITED).resource_version).toBe('9'));
  it('keeps a staged one what it is', () =>
    expect(stagedText({ ...POLICY, staged: true, replaces: 'x' }, [], { ...EDITED, replaces: 'x' })).toEqual({ ...EDITED, staged: true, replaces: 'x' }));
});

it('finds lines in what is told of them', () => {
  expect([...wrongLines([{ field: 'spec.cedar, line 2, column 5' }, { field: 'spec.tier' }])]).toEqual([1]);
});
