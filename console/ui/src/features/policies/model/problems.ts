import type { Problem } from '../../../api/http';

/**
 * The line, counted from 0, of a field such as `spec.ingress[1].source.nets[0]` in block-style YAML; the
 * nearest line above it that exists. Null if not even its first part is there.
 */
export function lineOfField(yaml: string, field: string): number | null {
  const lines = yaml.split('\n');
  let from = 0;
  let indent = -1;
  let found: number | null = null;
  for (const part of partsOf(field)) {
    const next = typeof part === 'number' ? itemLine(lines, from, indent, part) : keyLine(lines, from, indent, part);
    if (next === null) return found;
    found = next.line;
    from = next.from;
    indent = next.indent;
  }
  return found;
}

interface Found {
  readonly line: number;
  /** Where its children are looked for: the line itself, if they can stand on it. */
  readonly from: number;
  /** Children stand further right than this. */
  readonly indent: number;
}

function partsOf(field: string): readonly (string | number)[] {
  return field
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function keyLine(lines: readonly string[], from: number, parentIndent: number, key: string): Found | null {
  for (let number = from; number < lines.length; number++) {
    const line = lines[number]!;
    if (line.trim() === '') continue;
    const indent = contentIndent(line);
    if (indent <= parentIndent) return null;
    if (line.slice(indent).startsWith(`${key}:`)) return { line: number, from: number + 1, indent };
  }
  return null;
}

/** Items may stand as far left as the key of their list. */
function itemLine(lines: readonly string[], from: number, parentIndent: number, index: number): Found | null {
  let itemIndent = -1;
  let seen = -1;
  for (let number = from; number < lines.length; number++) {
    const line = lines[number]!;
    if (line.trim() === '') continue;
    const dash = line.search(/\S/);
    if (dash < parentIndent || (dash === parentIndent && line[dash] !== '-')) return null;
    if (line[dash] !== '-') continue;
    if (itemIndent < 0) itemIndent = dash;
    if (dash === itemIndent && ++seen === index) return { line: number, from: number, indent: dash };
  }
  return null;
}

/** Where the text begins after dashes of list items. */
function contentIndent(line: string): number {
  return /^[\s-]*/.exec(line)![0].length;
}

export function wrongLines(yaml: string, problems: readonly Problem[]): ReadonlySet<number> {
  return new Set(problems.map((problem) => (problem.field === '' ? null : lineOfField(yaml, problem.field))).filter((line) => line !== null));
}
