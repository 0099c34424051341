import { refusal, reportSignedOut } from '../../../api/http';
import { SseParser, type SseEvent } from './SseParser';

/** Where the stream stands. */
export type Connection =
  /** No answer yet, or the flows of the past are still coming in. */
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** Times in epoch milliseconds; `reason` is a clause for people. */
  | { readonly state: 'lost'; readonly since: number; readonly retryAt: number; readonly reason: string };

export interface StreamListener {
  onEvent(data: string): void;
  /** The server cannot tell everything that changed during a break; `reason` is a clause for people. */
  onGap(reason: string): void;
  onConnection(connection: Connection): void;
}

const FIRST_RETRY_MILLIS = 1_000;
const LAST_RETRY_MILLIS = 10_000;
/** The server gives a sign of life every 5 seconds; three missing ones are a dead connection. */
const SILENCE_MILLIS = 15_000;

/**
 * The server's flow stream, which comes back by itself and asks for what it missed. It is read with
 * fetch rather than EventSource, because that hides the reason of a refusal and notices a connection
 * that died without a word only after minutes.
 */
export class FlowStream {
  private attempt: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private lostSince: number | null = null;
  private lastEventId = '';
  private connectedBefore = false;

  constructor(
    private readonly url: string,
    private readonly listener: StreamListener,
  ) {}

  open(): void {
    this.close();
    if (this.lostSince === null) this.listener.onConnection({ state: 'connecting' });
    const attempt = new AbortController();
    this.attempt = attempt;
    this.read(attempt).then(
      () => this.lost(attempt, 'the server ended the stream'),
      (problem: unknown) => this.lost(attempt, reasonOf(problem)),
    );
  }

  close(): void {
    clearTimeout(this.timer);
    this.attempt?.abort();
    this.attempt = null;
  }

  private async read(attempt: AbortController): Promise<void> {
    const silence = new Watchdog(SILENCE_MILLIS, () => attempt.abort(new Error('the server has fallen silent')));
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (this.lastEventId !== '') headers['Last-Event-ID'] = this.lastEventId;
      const response = await fetch(this.url, { headers, signal: attempt.signal, cache: 'no-store' });
      if (!response.ok || !response.body) {
        if (response.status === 401) reportSignedOut();
        throw new Error(`the server answers ${response.status}: ${(await refusal(response)).message}`);
      }
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const parser = new SseParser();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        silence.reset();
        for (const event of parser.push(value)) this.take(event);
        if (parser.lastEventId !== '') this.lastEventId = parser.lastEventId;
      }
    } finally {
      silence.stop();
    }
  }

  private take(event: SseEvent): void {
    if (event.type === 'message') {
      this.listener.onEvent(event.data);
      // After a break the server may go on where it stopped, without another `sync`.
      if (this.lostSince !== null) this.live();
    } else if (event.type === 'gap') {
      // Before the first break nothing can be missing.
      if (this.connectedBefore) this.listener.onGap(gapReason(event.data));
    } else if (event.type === 'sync') {
      this.live();
    }
  }

  private live(): void {
    this.connectedBefore = true;
    this.failures = 0;
    this.lostSince = null;
    this.listener.onConnection({ state: 'live' });
  }

  private lost(attempt: AbortController, reason: string): void {
    if (this.attempt !== attempt) return; // closed by us
    this.lostSince ??= Date.now();
    const wait = Math.min(FIRST_RETRY_MILLIS * 2 ** this.failures, LAST_RETRY_MILLIS);
    this.failures++;
    this.listener.onConnection({ state: 'lost', since: this.lostSince, retryAt: Date.now() + wait, reason });
    this.timer = setTimeout(() => this.open(), wait);
  }
}

/** Calls back when nobody has reset it for a time. */
class Watchdog {
  private timer: ReturnType<typeof setTimeout>;

  constructor(
    private readonly millis: number,
    private readonly onSilence: () => void,
  ) {
    this.timer = setTimeout(onSilence, millis);
  }

  reset(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onSilence, this.millis);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}

function gapReason(data: string): string {
  try {
    return String((JSON.parse(data) as { reason: unknown }).reason);
  } catch {
    return 'the server could not resume';
  }
}

/** Browsers say "Failed to fetch" and the like for a server that is not there. */
function reasonOf(problem: unknown): string {
  return problem instanceof TypeError || !(problem instanceof Error) ? 'the server cannot be reached' : problem.message;
}
