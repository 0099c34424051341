import { expect, it } from 'vitest';
import { printable } from './printable';

it('shows what would hide', () => {
  expect(printable('{"to":"Ada"}')).toBe('{"to":"Ada"}');
  expect(printable('a\u202eb\u0000\u200b')).toBe('a\\u{202e}b\\u{0}\\u{200b}');
  expect(printable('größe 1 €')).toBe('größe 1 €');
});
