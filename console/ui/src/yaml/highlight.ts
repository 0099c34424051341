/** The parts of a line that are coloured differently. */
export type TokenType = 'plain' | 'key' | 'string' | 'number' | 'literal' | 'comment' | 'punctuation' | 'selector';

export interface Token {
  readonly type: TokenType;
  readonly text: string;
}

const KEY = /^([A-Za-z0-9_.$/-]+|"[^"]*"|'[^']*')(\s*:)(?=\s|$)/;
const NUMBER = /^-?\d+(\.\d+)?$/;
/** A value as JSON writes it, with the comma. */
const JSON_SCALAR = /^("[^"]*"|-?\d+(\.\d+)?|true|false|null),$/;
const LITERAL = /^(true|false|null|~)$/;

/**
 * Splits a line of YAML, as policies are written, into coloured parts. It covers block style with flow
 * sequences and quoted or plain scalars; text inside block scalars is taken for plain YAML. JSON is YAML,
 * and indented JSON is covered too. Joining the parts gives the line back.
 */
export function tokenize(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let rest = line;
  const take = (type: TokenType, length: number) => {
    if (length === 0) return;
    tokens.push({ type, text: rest.slice(0, length) });
    rest = rest.slice(length);
  };
  take('plain', leadingSpace(rest));
  while (rest.startsWith('- ') || rest === '-') {
    take('punctuation', 1);
    take('plain', leadingSpace(rest));
  }
  const key = KEY.exec(rest);
  if (key) {
    take('key', key[1]!.length);
    take('punctuation', key[2]!.length);
    take('plain', leadingSpace(rest));
  }
  if (rest.startsWith('#')) {
    take('comment', rest.length);
  } else {
    const comment = commentStart(rest);
    const value = rest.slice(0, comment).trimEnd();
    takeValue(value, take);
    take('plain', leadingSpace(rest));
    take('comment', rest.length);
  }
  return tokens;
}

function takeValue(value: string, take: (type: TokenType, length: number) => void): void {
  if (!/^[[{\]}]/.test(value)) {
    const scalar = JSON_SCALAR.test(value) ? value.slice(0, -1) : value;
    take(scalarType(scalar), scalar.length);
    take('punctuation', value.length - scalar.length);
    return;
  }
  for (const part of value.match(/[[\]{},]|\s+|"[^"]*"|'[^']*'|[^[\]{},\s]+/g) ?? []) {
    if (/^[[\]{},]$/.test(part)) take('punctuation', part.length);
    else if (/^\s/.test(part)) take('plain', part.length);
    else if (part.endsWith(':')) take('key', part.length);
    else take(scalarType(part), part.length);
  }
}

function scalarType(value: string): TokenType {
  if (NUMBER.test(value)) return 'number';
  if (LITERAL.test(value)) return 'literal';
  if (/^[|>][+-]?$/.test(value)) return 'punctuation';
  if (/^(all\(\)|global\(\)|!?has\()|\s(==|!=|in|not in|contains)\s/.test(value)) return 'selector';
  return 'string';
}

/** Where the comment after a value begins, or the length of the text without one. */
function commentStart(text: string): number {
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quote) {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") {
      // A quote opens a scalar only at its beginning; inside a selector it is part of plain text.
      quote = char;
    } else if (char === '#' && (i === 0 || /\s/.test(text[i - 1]!))) {
      return i;
    }
  }
  return text.length;
}

function leadingSpace(text: string): number {
  return text.length - text.trimStart().length;
}
