/** One event of a `text/event-stream`. */
export interface SseEvent {
  /** `message` where the stream names none. */
  readonly type: string;
  readonly data: string;
}

/**
 * Splits a `text/event-stream` into events, however the network has cut it into pieces. It remembers the
 * id of the last whole event, for the `Last-Event-ID` header of the next attempt: an id stands above its
 * event, and a break between the two must not pass over that. Comments, which the server sends as signs of
 * life, are skipped.
 */
export class SseParser {
  private rest = '';
  private type = '';
  private data: string[] = [];
  private id = '';
  private wholeId = '';

  get lastEventId(): string {
    return this.wholeId;
  }

  /** Takes the next piece of text and returns the events that it completes. */
  push(piece: string): readonly SseEvent[] {
    const events: SseEvent[] = [];
    const text = this.rest + piece;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.line(text.slice(start, text[end - 1] === '\r' ? end - 1 : end), events);
      start = end + 1;
    }
    this.rest = text.slice(start);
    return events;
  }

  private line(line: string, events: SseEvent[]): void {
    if (line === '') {
      this.wholeId = this.id;
      if (this.data.length > 0) events.push({ type: this.type || 'message', data: this.data.join('\n') });
      this.type = '';
      this.data = [];
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') this.data.push(value);
    else if (field === 'event') this.type = value;
    else if (field === 'id') this.id = value;
  }
}
