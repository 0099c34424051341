import { describe, expect, it } from 'vitest';
import { SseParser } from './SseParser';

const STREAM = 'data: {"a":1}\n\n: alive\n\nid: 7\ndata: {"b":2}\n\nevent: sync\ndata: {}\n\ndata:x\r\ndata: y\r\n\r\nretry: 5\n\ndata: unfinished\n';
const EVENTS = [
  { type: 'message', data: '{"a":1}' },
  { type: 'message', data: '{"b":2}' },
  { type: 'sync', data: '{}' },
  { type: 'message', data: 'x\ny' },
];

describe('SseParser', () => {
  it.each([1, 2, 3, 7, 1_000])('reads a stream in pieces of %i characters', (size) => {
    const parser = new SseParser();
    const events = [];
    for (let start = 0; start < STREAM.length; start += size) events.push(...parser.push(STREAM.slice(start, start + size)));
    expect(events).toEqual(EVENTS);
    expect(parser.lastEventId).toBe('7');
  });

  it('takes the id of an event when the event is whole, and not before', () => {
    const parser = new SseParser();
    parser.push('id: 7\ndata: {}\n\nid: 8\ndata: {');
    expect(parser.lastEventId).toBe('7');
    parser.push('}\n\n');
    expect(parser.lastEventId).toBe('8');
  });
});
