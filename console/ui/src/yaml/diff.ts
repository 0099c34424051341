/** A line of a comparison, as it stands in the old text, the new one, or both. */
export interface DiffLine {
  readonly type: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Compares two texts line by line, by their longest common subsequence; policies are short enough for that. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const a = linesOf(before);
  const b = linesOf(after);
  const common = commonLengths(a, b);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ type: 'same', text: a[i]! });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push({ type: 'removed', text: a[i++]! });
    } else {
      lines.push({ type: 'added', text: b[j++]! });
    }
  }
  return lines;
}

/** The comparison without what is far from any change; null stands for lines left out. */
export function shortened(lines: readonly DiffLine[], context: number): readonly (DiffLine | null)[] {
  const kept = lines.map((_, index) => lines.slice(Math.max(0, index - context), index + context + 1).some((near) => near.type !== 'same'));
  const result: (DiffLine | null)[] = [];
  lines.forEach((line, index) => {
    if (kept[index]) result.push(line);
    else if (result.length > 0 && result[result.length - 1] !== null) result.push(null);
  });
  if (result[result.length - 1] === null) result.pop();
  return result;
}

function linesOf(text: string): readonly string[] {
  const trimmed = text.replace(/\n$/, '');
  return trimmed === '' ? [] : trimmed.split('\n');
}

/** `lengths[i][j]`: common lines of what follows line i of `a` and line j of `b`. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}
