import type { Direction } from './words';

/** Line numbers from 0, both included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Finds the lines of a rule in a policy's YAML: the n-th item of the sequence below `spec.ingress` or
 * `spec.egress`, in block style. Null if it is not there, as in a policy that was changed since.
 */
export function locateRule(yaml: string, direction: Direction, index: number): LineRange | null {
  const lines = yaml.split('\n');
  const spec = lines.findIndex((line) => /^spec:\s*$/.test(line));
  if (spec < 0 || index < 0) return null;
  const section = lines.findIndex((line, number) => number > spec && new RegExp(`^\\s+${direction}:\\s*$`).test(line));
  if (section < 0) return null;
  const sectionIndent = indentOf(lines[section]!);
  let itemIndent = -1;
  let seen = -1;
  let first = -1;
  let last = -1;
  for (let number = section + 1; number < lines.length; number++) {
    const line = lines[number]!;
    if (line.trim() === '') continue;
    const indent = indentOf(line);
    const item = /^\s*-(\s|$)/.test(line);
    // Items may stand as far left as their key; anything else there ends the sequence.
    if (indent < sectionIndent || (indent === sectionIndent && !item)) break;
    if (itemIndent < 0) itemIndent = indent;
    if (item && indent === itemIndent) {
      seen++;
      if (seen === index) first = number;
    }
    if (seen === index) last = number;
    if (seen > index) break;
  }
  return first < 0 ? null : { first, last };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
