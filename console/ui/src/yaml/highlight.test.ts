import { describe, expect, it } from 'vitest';
import { POLICIES } from '../../mock/policies.ts';
import { tokenize } from './highlight';

/** The parts that are not plain, as `type:text`. */
function parts(line: string): string[] {
  return tokenize(line)
    .filter(({ type }) => type !== 'plain')
    .map(({ type, text }) => `${type}:${text}`);
}

describe('tokenize', () => {
  it.each([
    ['  action: Deny', ['key:action', 'punctuation::', 'string:Deny']],
    ['  - action: Pass', ['punctuation:-', 'key:action', 'punctuation::', 'string:Pass']],
    ['ingress:', ['key:ingress', 'punctuation::']],
    ['order: 10', ['key:order', 'punctuation::', 'number:10']],
    ['doNotTrack: true', ['key:doNotTrack', 'punctuation::', 'literal:true']],
    ['- 10.0.0.0/8', ['punctuation:-', 'string:10.0.0.0/8']],
    ["selector: app == 'a#b' # why", ['key:selector', 'punctuation::', "selector:app == 'a#b'", 'comment:# why']],
    ['selector: all()', ['key:selector', 'punctuation::', 'selector:all()']],
    ['ports: [53, "8080:8090"]', ['key:ports', 'punctuation::', 'punctuation:[', 'number:53', 'punctuation:,', 'string:"8080:8090"', 'punctuation:]']],
    ['kubernetes.io/metadata.name: shop', ['key:kubernetes.io/metadata.name', 'punctuation::', 'string:shop']],
    ['# a comment', ['comment:# a comment']],
    ['  "id": "1-2",', ['key:"id"', 'punctuation::', 'string:"1-2"', 'punctuation:,']],
    ['text: a#b', ['key:text', 'punctuation::', 'string:a#b']],
    ['', []],
  ])('%s', (line, expected) => {
    expect(parts(line)).toEqual(expected);
  });

  it('loses nothing', () => {
    const lines = POLICIES.flatMap(({ yaml }) => yaml.split('\n'));
    const odd = ['   ', '- ', '-', "key: 'open", 'a: {b: [c, {d: e}]}  # end', ': :', '"', 'x:y', '\t- a:\tb'];
    for (const line of [...lines, ...odd]) {
      expect(tokenize(line).map(({ text }) => text).join('')).toBe(line);
    }
  });
});
