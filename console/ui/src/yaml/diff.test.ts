import { describe, expect, it } from 'vitest';
import { diffLines, shortened } from './diff';

const marks = { same: ' ', added: '+', removed: '-' } as const;

function render(before: string, after: string): string[] {
  return diffLines(before, after).map((line) => marks[line.type] + line.text);
}

describe('diffLines', () => {
  it('finds what was added and removed', () => {
    expect(render('a\nb\nc\n', 'a\nc\nd\n')).toEqual([' a', '-b', ' c', '+d']);
  });

  it('takes a new text for added, and a deleted one for removed', () => {
    expect(render('', 'a\nb\n')).toEqual(['+a', '+b']);
    expect(render('a\n', '')).toEqual(['-a']);
  });

  it('gives both texts back', () => {
    const before = 'spec:\n  order: 1\n  ingress:\n    - action: Deny\n';
    const after = 'spec:\n  order: 2\n  ingress:\n    - action: Allow\n    - action: Deny\n';
    const lines = diffLines(before, after);
    const text = (leftOut: string) => lines.filter((line) => line.type !== leftOut).map((line) => `${line.text}\n`).join('');
    expect(text('added')).toBe(before);
    expect(text('removed')).toBe(after);
  });
});

describe('shortened', () => {
  it('keeps what is near a change', () => {
    const lines = diffLines('1\n2\n3\n4\n5\n6\n7\n8\n9', '1\n2\n3\n4\nfive\n6\n7\n8\n9');
    expect(shortened(lines, 1).map((line) => line?.text ?? '…')).toEqual(['4', '5', 'five', '6']);
    const two = diffLines('1\n2\n3\n4\n5\n6', 'one\n2\n3\n4\n5\nsix');
    expect(shortened(two, 1).map((line) => line?.text ?? '…')).toEqual(['1', 'one', '2', '…', '5', '6', 'six']);
  });
});
